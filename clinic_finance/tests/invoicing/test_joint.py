from datetime import datetime

from odoo.tests import new_test_user, tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestJoint(FinanceCommon):
    """One of several services of an invoice falls through; the others stay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.prepayment_policy = "none"
        cls.service.clinic_invoicing = "monthly"

    def bill_month(self, *visits):
        """The invoice of the month of ``visits``, rendered all of them."""
        charges = self.env["clinic.charge"]
        for visit in visits:
            charges |= self.render(visit).charge_ids
        charges._invoice()
        return charges.move_line_ids.move_id

    def get_dues(self, *visits):
        self.env.invalidate_all()
        return [visit.amount_due for visit in visits]

    def test_one_visit_of_a_monthly_invoice_is_taken_back_alone(self):
        first, second = self.book("09:00"), self.book("10:00")
        invoice = self.bill_month(first, second)
        self.assertEqual(len(invoice), 1)
        second.charge_ids._cancel()
        self.assertEqual(self.get_dues(first, second), [3000, 0])
        self.assertEqual(invoice.amount_residual, 3000)
        self.assertEqual(self.patient.account_balance, -3000)
        self.assertEqual(first.charge_ids.state, "invoiced")

    def test_what_was_paid_for_it_is_the_patients_money(self):
        first, second = self.book("09:00"), self.book("10:00")
        self.pay(self.bill_month(first, second))
        second.charge_ids._cancel()
        self.assertEqual(self.get_dues(first, second), [0, 0])
        self.assertEqual(first.charge_ids.state, "paid")
        self.assertEqual(self.patient.account_balance, 3000)

    def test_after_a_correction_only_the_rest_is_taken_back(self):
        first, second = self.book("09:00"), self.book("10:00")
        invoice = self.bill_month(first, second)
        line = invoice.invoice_line_ids.filtered(
            lambda one: one.clinic_charge_id == second.charge_ids
        )
        invoice._credit({line: 1000})
        self.assertEqual(self.get_dues(first, second), [3000, 2000])
        second.charge_ids._cancel()
        self.assertEqual(self.get_dues(first, second), [3000, 0])
        notes = invoice.reversal_move_ids.mapped("amount_total")
        self.assertEqual(sorted(notes), [1000, 2000])

    def test_a_waived_fee_leaves_the_other_fees_of_its_invoice(self):
        self.branch.no_show_percent = 50
        visits = [self.book("09:00"), self.book("10:00")]
        with self.at_moment(visits[1].stop):
            for visit in visits:
                visit.action_no_show()
            fees = self.env["clinic.charge"].search([("kind", "=", "no_show")])
            fees.invoicing = "monthly"
            fees._create_invoices()
            chief = new_test_user(
                self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
            )
            self.assertEqual(len(fees.move_line_ids.move_id), 1)
            fees[0].with_user(chief).action_waive("Was ill")
        self.assertEqual(fees.mapped("state"), ["cancelled", "invoiced"])
        self.assertEqual(self.patient.account_balance, -1500)

    def test_the_invoice_has_the_day_of_the_branch(self):
        """At 22:00 UTC it is the next day in Moscow, whatever the zone of whoever
        ends the visit."""
        self.service.clinic_invoicing = "after"
        visit = self.book()
        self.registrar.tz = "America/New_York"
        with self.at_moment(datetime(2026, 3, 2, 22)):
            user = new_test_user(
                self.env,
                "night_desk",
                groups="clinic_base.group_registrar,clinic_base.group_medical",
                tz="America/New_York",
            )
            self.render(visit.with_user(user))
        invoice = visit.charge_ids.move_line_ids.move_id
        self.assertEqual(str(invoice.invoice_date), "2026-03-03")
        self.assertEqual(str(invoice.date), "2026-03-03")
        self.assertEqual(str(visit.charge_ids.posted_on), "2026-03-03")

    def test_what_is_due_today_is_due_in_the_branch(self):
        """On the evening of the 31st in UTC, the month is over in Moscow."""
        visit = self.render(self.book())
        cron = self.env["clinic.charge"].with_context(tz="UTC")
        for hour, posted in ((20, False), (22, True)):
            moment = datetime(2026, 3, 31, hour)
            with self.at_moment(moment), self.without_commits():
                cron._cron_invoice()
            self.assertEqual(bool(visit.charge_ids.posted_on), posted)
