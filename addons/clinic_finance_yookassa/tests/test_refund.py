from odoo.tests import new_test_user, tagged

from .common import ClinicYooKassaCommon


@tagged("post_install", "-at_install")
class TestRefundToTheCard(ClinicYooKassaCommon):
    """From the cashier's dialog to the provider and back into the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(cls.env, "till", groups="clinic_base.group_cashier")

    def setUp(self):
        super().setUp()
        self.visit = self.book()
        self.transaction = self.start_for(self.visit.charge_ids)
        self.pay_at_bank(self.transaction)
        self.payment = self.transaction.payment_id

    def refund(self, amount):
        refund = (
            self.env["clinic.refund"]
            .with_user(self.cashier)
            .create(
                {
                    "payment_id": self.payment.id,
                    "amount": amount,
                    "way": "card",
                    "reason": "Came twice",
                }
            )
        )
        refund.action_refund()
        self.run_cron()
        return refund

    def test_a_part_goes_back_to_the_card_and_is_booked_with_its_receipt(self):
        refund = self.refund(1000)
        self.assertEqual((refund.state, refund.available), ("done", 2000))
        [sent] = self.fake.refunds.values()
        self.assertEqual(sent["amount"]["value"], "1000.00")
        back = self.transaction.child_transaction_ids.payment_id
        self.assertEqual((back.payment_type, back.amount), ("outbound", 1000))
        self.assertEqual(self.visit.amount_due, 1000)
        receipt = back.clinic_receipt_ids
        self.assertEqual((receipt.kind, receipt.amount_card), ("refund", 1000))
        self.assertEqual(receipt.line_ids.name, "Visit")

    def test_parts_go_back_until_nothing_is_left(self):
        self.refund(1000)
        self.refund(2000)
        self.assertEqual(self.payment._get_refundable(), 0)
        self.env.invalidate_all()
        self.assertEqual(self.visit.amount_due, 3000)
