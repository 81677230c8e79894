from odoo.tests import tagged

from .common import ClinicYooKassaCommon


@tagged("post_install", "-at_install")
class TestReceipts(ClinicYooKassaCommon):
    """What YooKassa prints, and what is known of it here."""

    def test_the_bank_reads_a_neutral_label(self):
        transaction = self.start_for(self.book().charge_ids)
        payment = self.fake.payments[transaction.provider_reference]
        self.assertTrue(payment["description"].startswith("Services of the clinic, "))
        sent = str(transaction.yookassa_body)
        self.assertNotIn(self.service.name, sent)
        self.assertNotIn(self.patient.name, sent)

    def test_a_prepayment_goes_with_its_receipt(self):
        transaction = self.start_for(self.book().charge_ids)
        self.assertEqual(
            transaction.yookassa_body["receipt"],
            {
                "customer": {"email": "patient@example.com"},
                "items": [
                    {
                        "description": "Visit",
                        "quantity": 1.0,
                        "amount": {"value": "3000.00", "currency": "RUB"},
                        "vat_code": 1,
                        "payment_subject": "service",
                        "payment_mode": "full_prepayment",
                    }
                ],
            },
        )
        self.pay_at_bank(transaction)
        receipt = transaction.payment_id.clinic_receipt_ids
        self.assertEqual((receipt.state, receipt.amount), ("sent", 3000))
        self.fake.register(payment_id=transaction.provider_reference)
        self.print_receipts()
        self.assertEqual(receipt.state, "printed")

    def test_on_the_day_of_the_service_the_prepayment_is_offset_once(self):
        visit = self.book()
        transaction = self.start_for(visit.charge_ids)
        self.pay_at_bank(transaction)
        self.finish(visit)
        offset = transaction.payment_id.clinic_receipt_ids.filtered(
            lambda receipt: receipt.kind == "offset"
        )
        self.assertEqual((offset.state, offset.amount), ("pending", 3000))
        self.assertEqual(offset.line_ids.payment_method, "full_payment")
        # The answer is lost: the same key brings the same receipt.
        self.fake.faults = ["late"]
        self.print_receipts()
        self.print_receipts()
        [found] = self.fake.receipts.values()
        self.assertEqual(found["settlements"][0]["type"], "prepayment")
        self.assertEqual(offset.state, "sent")
        self.fake.register(found["id"])
        self.print_receipts()
        self.assertEqual((offset.state, offset.fiscal_document), ("printed", "3997"))
        self.env["clinic.receipt"]._note_differences(visit.charge_ids)
        self.assertEqual(len(transaction.payment_id.clinic_receipt_ids), 2)

    def test_a_part_is_a_part(self):
        visit = self.book()
        transaction = self.start_for(visit.charge_ids, 1000)
        [item] = transaction.yookassa_body["receipt"]["items"]
        self.assertEqual(item["payment_mode"], "partial_prepayment")
        self.pay_at_bank(transaction)
        self.finish(visit)
        offset = visit.env["clinic.receipt"].search([("appointment_id", "=", visit.id)])
        self.assertEqual(offset.amount, 1000)
        self.assertEqual(offset.line_ids.payment_method, "partial_payment")

    def test_what_is_paid_after_the_visit_is_not_offset(self):
        visit = self.book()
        self.finish(visit)
        transaction = self.start_for(visit.charge_ids)
        [item] = transaction.yookassa_body["receipt"]["items"]
        self.assertEqual(item["payment_mode"], "full_payment")
        self.pay_at_bank(transaction)
        self.assertEqual(len(transaction.payment_id.clinic_receipt_ids), 1)

    def test_what_is_paid_for_a_visit_on_credit_pays_the_credit(self):
        visit = self.book()
        self.finish(visit)
        visit.charge_ids.handed_over = "credit"
        for own, mode in ((False, "credit_payment"), (True, "full_payment")):
            self.provider.yookassa_own_register = own
            transaction = self.start_for(visit.charge_ids)
            [item] = transaction.yookassa_body["receipt"]["items"]
            self.assertEqual(item["payment_mode"], mode)

    def test_a_taxed_service_carries_its_rate(self):
        self.service.taxes_id = self.env["account.tax"].create(
            {
                "name": "22 %",
                "amount": 22,
                "price_include_override": "tax_included",
                "type_tax_use": "sale",
            }
        )
        transaction = self.start_for(self.book().charge_ids)
        [item] = transaction.yookassa_body["receipt"]["items"]
        self.assertEqual(item["vat_code"], 12)

    def test_a_refund_has_a_receipt_of_its_own(self):
        transaction = self.start_for(self.book().charge_ids)
        self.pay_at_bank(transaction)
        transaction.action_refund(amount_to_refund=1000)
        self.run_cron()
        refund = transaction.child_transaction_ids
        self.assertEqual(
            refund.yookassa_body["receipt"]["items"][0]["amount"]["value"], "1000.00"
        )
        receipt = refund.payment_id.clinic_receipt_ids
        self.assertEqual((receipt.kind, receipt.amount), ("refund", 1000))
        self.assertEqual(receipt.patient_id, self.patient)

    def test_a_receipt_that_is_not_printed_asks_one_person(self):
        transaction = self.start_for(self.book().charge_ids)
        self.pay_at_bank(transaction)
        self.fake.register(payment_id=transaction.provider_reference, status="canceled")
        for _time in range(2):
            self.print_receipts()
        self.assertEqual(transaction.payment_id.clinic_receipt_ids.state, "failed")
        self.assertEqual(len(self.cases.activity_ids), 1)

    def finish(self, visit):
        visit.action_arrive()
        visit.action_start()
        visit.action_done()
