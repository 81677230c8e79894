from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .decisions import DecisionCommon


@tagged("post_install", "-at_install")
class TestRights(DecisionCommon):
    def test_a_finance_manager_writes_tries_and_switches_rules(self):
        rule = self.rules.with_user(self.manager).create(
            {"name": "Mine", "action_ids": [(0, 0, {"kind": "remind"})]}
        )
        rule.action_switch_on_untried()
        rule.action_switch_off()
        self.env["clinic.decision.trial"].with_user(self.manager).create(
            {"rule_id": rule.id}
        ).action_try()

    def test_desk_cashiers_and_accountants_do_not(self):
        rule = self.create_rule("remind")
        cashier = new_test_user(self.env, "till", groups="clinic_base.group_cashier")
        for user in (self.registrar, cashier, self.accountant):
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"name": "Theirs"})
            with self.assertRaises(AccessError):
                rule.with_user(user).action_switch_off()
            with self.assertRaises(AccessError):
                self.rules.with_user(user).create({"name": "Theirs"})
            with self.assertRaises(AccessError):
                self.env["clinic.decision.trial"].with_user(user).create(
                    {"rule_id": rule.id}
                )

    def test_nobody_writes_the_log_by_hand(self):
        self.create_rule("remind", trigger="visit_booked")
        with self.later(hours=1):
            self.book("09:00")
            log = self.run_rules()
        owner = new_test_user(self.env, "boss", groups="clinic_base.group_owner")
        for user in (self.manager, owner, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"outcome": "skipped"})
            with self.assertRaises(AccessError):
                self.logs.with_user(user).create({"kind": "remind", "occasion": "mine"})
        with self.assertRaises(UserError):
            log.sudo().unlink()

    def test_only_finance_managers_override(self):
        for user in (self.registrar, self.accountant):
            with self.assertRaises(AccessError):
                self.logs.with_user(user).override("Because")

    def test_another_company_sees_nothing(self):
        self.create_rule("remind", trigger="visit_booked")
        with self.later(hours=1):
            self.book("09:00")
            self.run_rules()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="clinic_base.group_finance_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.logs.with_user(stranger).search([]))
        self.assertFalse(self.facts.with_user(stranger).search([]))
        self.assertTrue(self.facts.with_user(self.manager).search([]))
