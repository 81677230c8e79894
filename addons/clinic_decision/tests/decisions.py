"""A clinic with rules: on top of the finance tests' clinic."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.clinic_finance.tests.common import FinanceCommon


class DecisionCommon(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["clinic.decision.rule"]
        cls.logs = cls.env["clinic.decision.log"]
        cls.facts = cls.env["clinic.decision.fact"]
        cls.manager = new_test_user(
            cls.env, "money", groups="clinic_base.group_finance_manager"
        )
        # Only what a test switches on may act.
        cls.rules.search([("is_on", "=", True)]).action_switch_off()

    @classmethod
    def create_rule(cls, *actions, **vals):
        """A rule that acts from now on; ``actions`` are kinds or values."""
        action_vals = [
            one if isinstance(one, dict) else {"kind": one} for one in actions
        ]
        for one in action_vals:
            if one["kind"] == "cancel":
                one.setdefault("cancel_reason_id", cls.reason.id)
            if one["kind"] in ("task", "notify"):
                one.setdefault("user_id", cls.manager.id)
        rule = cls.rules.create(
            {
                "name": "Rule",
                "trigger": "before_visit",
                "action_ids": [Command.create(one) for one in action_vals],
                **vals,
            }
        )
        rule._switch_on()
        return rule

    def run_rules(self):
        """What a pass decides, as the new rows of the log."""
        last = self.logs.search([], limit=1).id or 0
        with self.without_commits():
            self.rules._cron_decide()
        return self.logs.search([("id", ">", last)], order="id")

    def owe(self, amount=1000, days=0, patient=None):
        """A posted invoice of the patient that was due ``days`` ago."""
        due = fields.Date.today() - timedelta(days=days)
        patient = patient or self.patient
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": patient._get_private_payer().id,
                "clinic_patient_id": patient.id,
                "invoice_date": due,
                "date": due,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Visit", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def read_fact(self, visit, moment=None):
        return self.facts._as_of({visit.id: moment or self.env.cr.now()})
