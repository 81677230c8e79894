from odoo.tests import tagged

from odoo.addons.clinic_finance.tests.receipts.test_receipts_credit import CreditCommon

from .cash import CashCommon


@tagged("-at_install", "post_install")
class TestCreditAtTheDesk(CashCommon, CreditCommon):
    def test_a_cashier_takes_the_payment_of_a_credit(self):
        visit = self.render(self.book())
        self.close_day()
        invoice = visit.charge_ids.move_line_ids.move_id
        answer = self.pay_at_desk(3000, invoice_ids=invoice.ids)
        receipt = self.env["clinic.receipt"].browse(answer["receipt_ids"])
        self.assertEqual(
            self.describe(receipt), [("credit_payment", "payment", "none", 3000)]
        )
        self.assertEqual(receipt.amount_cash, 3000)
        self.assertEqual(visit.charge_ids.state, "paid")
