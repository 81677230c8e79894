from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestFees(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch.write(
            {
                "late_cancel_hours": 12,
                "late_cancel_percent": 50,
                "no_show_percent": 100,
            }
        )
        cls.service.prepayment_policy = "none"
        cls.reason.takes_fee = True

    def travel(self, clock):
        self.freeze(self.at(MONDAY, clock), self.addCleanup)

    def get_fee(self, visit):
        return visit.charge_ids.filtered(
            lambda charge: charge.kind != "service" and charge.state != "cancelled"
        )

    def test_who_cancels_late_pays_what_the_branch_says(self):
        visit = self.book("11:00")
        self.travel("08:00")
        visit.cancel(self.reason.id)
        self.assertEqual(self.get_fee(visit).amount, 1500)
        invoice = self.get_fee(visit)._create_invoices()
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 1500))
        self.assertEqual(self.patient.account_balance, -1500)

    def test_who_cancels_in_time_pays_nothing(self):
        visit = self.book("11:00")
        visit.cancel(self.reason.id)
        self.assertFalse(self.get_fee(visit))

    def test_a_reason_of_the_clinic_costs_the_patient_nothing(self):
        self.reason.takes_fee = False
        visit = self.book("11:00")
        self.travel("08:00")
        visit.cancel(self.reason.id)
        self.assertFalse(self.get_fee(visit))

    def test_a_missed_visit_costs_and_is_given_back_when_it_was_a_mistake(self):
        visit = self.book("09:00")
        self.travel("09:40")
        visit.action_no_show()
        self.assertEqual(self.get_fee(visit).amount, 3000)
        visit._move_state("booked", reverse=True)
        self.assertFalse(self.get_fee(visit))
        owed = visit.charge_ids.filtered(lambda charge: charge.state == "open")
        self.assertEqual((owed.kind, owed.amount), ("service", 3000))

    def test_a_branch_without_fees_takes_none(self):
        self.branch.no_show_percent = 0
        visit = self.book("09:00")
        self.travel("09:40")
        visit.action_no_show()
        self.assertFalse(self.get_fee(visit))

    def test_a_chief_waives_a_fee_with_a_reason_and_the_invoice_goes(self):
        visit = self.book("09:00")
        self.travel("09:40")
        visit.action_no_show()
        fee = self.get_fee(visit)
        invoice = fee._create_invoices()
        with self.assertRaises(AccessError):
            fee.with_user(self.registrar).action_waive("Was ill")
        chief = new_test_user(
            self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        with self.assertRaises(UserError):
            fee.with_user(chief).action_waive(" ")
        fee.with_user(chief).action_waive("Was ill")
        self.assertEqual((fee.state, fee.waived_by_id), ("cancelled", chief))
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(self.patient.account_balance, 0)
        with self.assertRaises(UserError):
            fee.with_user(chief).action_waive("Again")

    def test_a_service_cannot_be_waived(self):
        chief = new_test_user(
            self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        with self.assertRaises(UserError):
            self.book().charge_ids.with_user(chief).action_waive("A friend")

    def test_a_missed_visit_costs_the_patient_only_their_part_of_the_price(self):
        self.branch.no_show_percent = 100
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Policy", "partner_id": insurer.id, "copay_percent": 20}
        )
        visit = self.book(payment_source_id=source.id)
        with self.at_moment(visit.stop):
            visit.action_no_show()
        fee = visit.charge_ids.filtered(lambda charge: charge.kind == "no_show")
        self.assertEqual(fee.mapped("price"), [600])

    def test_a_penalty_is_other_income_and_no_revenue(self):
        account = self.env["account.account"].create(
            {"code": "91.01", "name": "Other income", "account_type": "income_other"}
        )
        self.branch.no_show_percent = 100
        visit = self.book()
        visit.action_no_show()
        fee = visit.charge_ids.filtered(lambda one: one.kind == "no_show")
        fee._create_invoices()
        self.assertEqual(fee.move_line_ids.account_id, account)
