from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, FinanceCommon

LAST_OF_MARCH, FIRST_OF_APRIL = date(2026, 3, 31), date(2026, 4, 1)


@tagged("-at_install", "post_install")
class TestShares(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "money", groups="clinic_base.group_finance_manager"
        )
        cls.earned = cls.env["clinic.share.earned"].with_user(cls.accountant)

    @classmethod
    def create_rule(cls, tier_by, *tiers, percent=30, **vals):
        """A rule as the finance manager makes it; ``tiers`` are (above, percent)."""
        return (
            cls.env["clinic.share.rule"]
            .with_user(cls.manager)
            .create(
                {
                    "percent": percent,
                    "tier_by": tier_by,
                    "date_from": "2026-01-01",
                    "tier_ids": [
                        Command.create({"threshold": above, "percent": more})
                        for above, more in tiers
                    ],
                    **vals,
                }
            )
        )

    def receive(self, clock, paid=True, **vals):
        """A visit that takes place, paid unless told otherwise."""
        visit = self.render(self.book(clock, **vals))
        if paid:
            self.pay(self.invoice(visit))
        return visit

    def read_shares(self):
        """Shares of the rows, in the order of the visits."""
        self.env.invalidate_all()
        rows = self.earned.search([], order="date, id")
        return rows.mapped("share_amount")

    def test_each_step_is_for_the_visits_above_its_threshold(self):
        self.create_rule("visits", (1, 35), (2, 40))
        for clock in ("09:00", "09:30", "10:00"):
            self.receive(clock)
        self.assertEqual(self.read_shares(), [900, 1050, 1200])
        self.assertEqual(self.earned.search([]).mapped("visit_number"), [3, 2, 1])

    def test_a_visit_across_a_sum_is_shared_by_both_steps(self):
        self.create_rule("sum", (4000, 50))
        for clock in ("09:00", "09:30", "10:00"):
            self.receive(clock)
        # 3000; 1000 at 30 % and 2000 at 50 %; 3000 at 50 %.
        self.assertEqual(self.read_shares(), [900, 1300, 1500])

    def test_companions_are_of_the_same_visit(self):
        draw = self.create_service("Blood draw", 5, list_price=300)
        draw.taxes_id = False
        self.service.companion_ids = draw
        self.create_rule("visits", (1, 50))
        self.receive("09:00")
        self.receive("09:30")
        self.assertEqual(sorted(self.read_shares()), [90, 150, 900, 1500])

    def test_specialists_are_counted_apart(self):
        self.create_rule("visits", (1, 50))
        self.create_shift(self.other_specialist, room_id=self.other_room.id)
        self.receive("09:00")
        self.receive("09:30", specialist_id=self.other_specialist.id)
        self.assertEqual(self.read_shares(), [900, 900])

    def test_a_month_begins_at_midnight_of_the_branch(self):
        """Half past midnight of April in Moscow is still March in UTC."""
        self.create_rule("visits", (1, 50))
        self.create_shift(day=LAST_OF_MARCH, hours="22:00-23:59")
        self.create_shift(day=FIRST_OF_APRIL, hours="00:00-03:00")
        for day, clock in (
            (LAST_OF_MARCH, "22:00"),
            (LAST_OF_MARCH, "23:00"),
            (FIRST_OF_APRIL, "00:30"),
            (FIRST_OF_APRIL, "01:30"),
        ):
            start = self.at(day, clock).strftime("%Y-%m-%d %H:%M:%S")
            self.receive(clock, start=start)
        self.assertEqual(self.read_shares(), [900, 1500, 900, 1500])

    def test_what_is_unpaid_or_not_rendered_takes_no_place(self):
        self.create_rule("visits", (1, 50))
        self.receive("09:00", paid=False)
        self.pay(self.invoice(self.book("09:30")))
        self.receive("10:00")
        self.assertEqual(self.read_shares(), [900])

    def test_a_payment_given_back_sets_later_steps_right(self):
        self.create_rule("visits", (1, 50))
        first, _second = self.receive("09:00"), self.receive("09:30")
        self.assertEqual(self.read_shares(), [900, 1500])
        first.charge_ids.move_line_ids.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.read_shares(), [900])
        first.charge_ids._cancel()
        self.assertEqual(self.read_shares(), [900])

    def test_a_patients_own_share_goes_before_the_steps(self):
        self.create_rule("visits", (1, 50))
        self.env["clinic.visit.profile"].create(
            {
                "patient_id": self.patient.id,
                "specialist_id": self.specialist.id,
                "service_id": self.service.id,
                "date_from": "2026-01-01",
                "specialist_share": 10,
            }
        )
        self.receive("09:00")
        self.receive("09:30", patient=self.other_patient)
        self.assertEqual(self.read_shares(), [300, 900])

    def test_a_visit_of_a_package_counts_with_its_part(self):
        self.create_rule("sum", (2000, 50))
        product = self.env["product.product"].create(
            {
                "name": "Two visits",
                "type": "service",
                "list_price": 3000,
                "taxes_id": False,
                "package_service_id": self.service.id,
                "package_visits": 2,
                "package_days": 30,
            }
        )
        package = self.env["clinic.package"].create(
            {
                "patient_id": self.patient.id,
                "product_id": product.id,
                "branch_id": self.branch.id,
            }
        )
        self.pay_for(package.charge_id)
        self.receive("09:00", paid=False)
        self.receive("09:30", paid=False)
        # 1500 at 30 %; 500 at 30 % and 1000 at 50 %.
        self.assertEqual(self.read_shares(), [450, 650])

    def test_shares_without_steps_are_those_of_the_charges(self):
        self.create_rule(False, percent=20)
        visit = self.receive("09:00")
        self.assertEqual(self.read_shares(), visit.charge_ids.mapped("share_amount"))

    def test_steps_that_have_counted_visits_are_ended_and_not_changed(self):
        rule = self.create_rule("visits", (1, 50))
        self.book()
        for change in (
            lambda: rule.write({"percent": 99}),
            lambda: rule.tier_ids.write({"percent": 99}),
            lambda: rule.write(
                {"tier_ids": [Command.create({"threshold": 9, "percent": 99})]}
            ),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        rule.date_to = MONDAY
        self.assertEqual(rule.date_to, MONDAY)

    def test_an_accountant_reads_what_is_earned_and_changes_no_step(self):
        rule = self.create_rule("visits", (1, 50))
        self.receive("09:00")
        self.assertEqual(self.read_shares(), [900])
        with self.assertRaises(AccessError):
            rule.tier_ids.with_user(self.accountant).write({"percent": 99})
        chief = new_test_user(
            self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        for model in ("clinic.share.earned", "clinic.share.tier"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(chief).search([])

    def test_a_month_of_any_size_is_one_query(self):
        self.create_rule("visits", (1, 50))
        counts = []
        for clocks in (("09:00",), ("09:30",), ("10:00", "10:30", "11:00", "11:30")):
            for clock in clocks:
                self.receive(clock)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.earned._read_group(
                [], ["specialist_id", "date:month"], ["share_amount:sum"]
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[1])
