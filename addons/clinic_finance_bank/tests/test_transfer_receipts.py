from odoo.tests import tagged

from .common import BankCommon


@tagged("-at_install", "post_install")
class TestTransferReceipts(BankCommon):
    """Transfers of private persons have receipts, those of companies have none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.clinic_bank_automatic = True

    def get_receipts(self, line):
        return self.env["clinic.receipt"].search([("move_id", "=", line.move_id.id)])

    def describe(self, receipts):
        return [
            (line.payment_method, line.amount)
            for line in receipts.sorted("id").line_ids
        ]

    def test_a_transfer_before_the_visit_is_a_prepayment_and_is_offset(self):
        visit = self.book()
        line = self.transfer(3000, self.invoice(visit).name)
        receipt = self.get_receipts(line)
        self.assertEqual(self.describe(receipt), [("full_prepayment", 3000)])
        self.assertEqual((receipt.kind, receipt.amount_card), ("income", 3000))
        self.assertEqual(receipt.payer_id, self.patient.partner_id)
        self.assertEqual(receipt.patient_id, self.patient)
        self.render(visit)
        offset = self.get_receipts(line) - receipt
        self.assertEqual((offset.kind, offset.amount_offset), ("offset", 3000))
        self.assertEqual(self.describe(offset), [("full_payment", 3000)])

    def test_after_the_visit_it_is_the_payment(self):
        visit = self.render(self.book())
        line = self.transfer(3000, self.invoice(visit).name)
        self.assertEqual(
            self.describe(self.get_receipts(line)), [("full_payment", 3000)]
        )

    def test_what_an_accountant_reconciles_has_its_receipt_once(self):
        self.company.clinic_bank_automatic = False
        invoice = self.invoice(self.book())
        line = self.transfer(3500, invoice.name)
        self.assertFalse(self.get_receipts(line), "only proposed")
        line = line.with_user(self.accountant)
        line.reconcile_bank_line()
        receipt = self.get_receipts(line)
        self.assertEqual(receipt.amount, sum(receipt.line_ids.mapped("amount")))
        self.assertIn(("full_prepayment", 3000), self.describe(receipt))
        line.unreconcile_bank_line()
        line.reconcile_bank_line()
        self.assertEqual(self.get_receipts(line), receipt)

    def test_a_company_and_an_insurer_get_none(self):
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        for patient, payer in ((self.patient, firm), (self.other_patient, insurer)):
            source = self.env["clinic.payment.source"].create(
                {"name": payer.name, "partner_id": payer.id}
            )
            patient.write({"payment_source_id": source.id, "payer_id": payer.id})
        visit, other = self.book(), self.book("10:00", patient=self.other_patient)
        for one in (visit, other):
            line = self.transfer(3000, self.invoice(one).name)
            self.assertTrue(line.is_reconciled)
            self.assertFalse(self.get_receipts(line))

    def test_a_lump_of_the_acquirer_has_none(self):
        self.pay(self.invoice(self.book()))
        line = self.transfer(3000, "Возмещение эквайринга")
        self.assertFalse(self.get_receipts(line))
