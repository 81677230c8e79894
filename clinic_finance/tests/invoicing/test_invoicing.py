from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestInvoicing(FinanceCommon):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_finance.ir_cron_invoice_charges"
            ).method_direct_trigger()

    def test_a_prepaid_visit_is_asked_for_at_once_and_only_once(self):
        visit = self.book()
        self.run_cron()
        self.run_cron()
        request = visit.charge_ids.payment_request_ids
        self.assertEqual(len(request), 1)
        self.assertEqual((request.state, request.amount_due), ("asked", 3000))
        self.assertEqual(request.payer_id, self.patient.partner_id)
        self.assertEqual(len(request.link_ids), 1)
        self.assertFalse(visit.charge_ids.move_line_ids)

    def test_a_rendered_visit_is_invoiced_at_once_and_only_once(self):
        visit = self.render(self.book())
        self.run_cron()
        self.run_cron()
        invoice = visit.charge_ids.move_line_ids.move_id
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.amount_total, 3000)
        self.assertEqual(invoice.partner_id, self.patient.partner_id)

    def test_a_visit_paid_afterwards_waits_until_it_is_over(self):
        self.service.prepayment_policy = "none"
        visit = self.book()
        self.run_cron()
        self.assertEqual(visit.charge_ids.state, "open")
        self.assertFalse(visit.charge_ids.payment_request_ids)
        self.render(visit)
        self.assertEqual(visit.charge_ids.state, "invoiced")
        self.assertEqual(visit.charge_ids.payment_request_ids.state, "asked")

    def test_the_invoice_tells_nothing_of_the_service(self):
        self.service.neutral_label = False
        invoice = self.invoice(self.book())
        self.assertEqual(invoice.invoice_line_ids.name, "Services of the clinic")

    def test_it_tells_the_payer_not_even_that_of_a_patient_who_is_of_age(self):
        self.service.neutral_label = "Consultation"
        child = self.other_patient
        self.let_pay(self.patient, child)
        today = self.env.company._get_clinic_today()
        child.birthdate = today.replace(year=today.year - 16, day=1)
        invoice = self.invoice(self.book(patient=child))
        self.assertEqual(invoice.partner_id, self.patient.partner_id)
        self.assertEqual(invoice.invoice_line_ids.name, "Services of the clinic")
        child.relation_ids.write({"may_see": True, "consent_on": today})
        told = self.invoice(self.book("10:00", patient=child))
        self.assertEqual(told.invoice_line_ids.name, "Consultation")

    def test_every_journal_item_carries_the_patient(self):
        invoice = self.invoice(self.book())
        self.assertEqual(invoice.line_ids.clinic_patient_id, self.patient)
        payment = self.pay(invoice)
        self.assertEqual(payment.move_id.line_ids.clinic_patient_id, self.patient)

    def test_one_bad_charge_stops_no_other(self):
        good, bad = self.book("09:00"), self.book("10:00", patient=self.other_patient)
        prepare = type(good.charge_ids)._prepare_invoice_vals

        def fail_for_bad(charges):
            if charges & bad.charge_ids:
                raise ValueError("No address")
            return prepare(charges)

        self.patch(type(good.charge_ids), "_prepare_invoice_vals", fail_for_bad)
        with mute_logger(
            "odoo.addons.clinic_finance.models.invoicing.clinic_charge_invoicing"
        ):
            self.render(good)
            self.render(bad)
            self.run_cron()
        self.assertEqual(good.charge_ids.state, "invoiced")
        self.assertEqual(bad.charge_ids.state, "open")
        self.assertTrue(bad.charge_ids.error)

    def test_a_payment_marks_the_charge_paid_and_leaves_one_receipt(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        self.assertEqual(visit.charge_ids.state, "paid")
        receipt = payment.clinic_receipt_ids
        self.assertEqual((len(receipt), receipt.amount), (1, 3000))
        self.assertEqual(receipt.line_ids.payment_method, "full_prepayment")
        payment._create_receipts()
        self.assertEqual(len(payment.clinic_receipt_ids), 1)

    def test_a_payment_taken_back_leaves_its_entry_and_the_visit_unpaid(self):
        visit = self.book()
        payment = self.pay(self.invoice(visit))
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual((payment.state, payment.move_id.state), ("canceled", "cancel"))
        self.assertEqual(visit.charge_ids.state, "invoiced")
        self.assertEqual(self.patient.account_balance, -3000)

    def test_cancelling_an_invoiced_visit_reverses_the_invoice(self):
        visit = self.book()
        invoice = self.invoice(visit)
        visit.cancel(self.reason.id)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(sum(invoice.reversal_move_ids.mapped("amount_total")), 3000)
        self.assertEqual(self.patient.account_balance, 0)

    def test_what_was_paid_for_a_cancelled_visit_stays_on_the_account(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        visit.cancel(self.reason.id)
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.account_balance, 3000)

    def test_the_balance_is_the_ledger_and_one_query_for_all(self):
        self.invoice(self.book())
        self.invoice(self.book("10:00", patient=self.other_patient))
        self.assertEqual(self.patient.account_balance, -3000)
        partners = (self.patient | self.other_patient).partner_id
        self.env.invalidate_all()
        partners.mapped("id")
        with self.assertQueryCount(1):
            balances = self.env["clinic.patient"]._get_balances(partners)
        self.assertEqual(balances, dict.fromkeys(partners.ids, -3000))
