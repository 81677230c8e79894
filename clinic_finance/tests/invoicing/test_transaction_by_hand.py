from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.common import make_role_user

from ..common import FinanceCommon

ROLES = ("cashier", "accountant", "finance_manager", "owner")


@tagged("post_install", "-at_install")
class TestTransactionByHand(FinanceCommon):
    """What a provider says of a payment is said by nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        provider = cls.env["payment.provider"].search([], limit=1)
        cls.method = cls.env["payment.method"].search([], limit=1)
        cls.transaction = cls.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": cls.method.id,
                "reference": "by-hand",
                "amount": 1000,
                "currency_id": cls.env.company.currency_id.id,
                "partner_id": cls.patient.partner_id.id,
            }
        )

    def test_no_role_writes_that_money_has_come(self):
        for role in ROLES:
            user = make_role_user(self.env, role)
            by_hand = self.transaction.with_user(user)
            for vals in ({"state": "done"}, {"amount": 1}, {"is_post_processed": True}):
                with self.subTest(role=role, vals=vals):
                    with self.assertRaises(UserError):
                        by_hand.write(vals)
                    with self.assertRaises(UserError):
                        by_hand.create({"reference": "x", **vals})

    def test_no_more_is_given_back_than_was_paid(self):
        self.transaction.state = "done"
        refund = self.transaction.copy(
            {
                "reference": "R-by-hand",
                "amount": -1000,
                "operation": "refund",
                "source_transaction_id": self.transaction.id,
                "state": "done",
            }
        )
        self.assertEqual(refund.source_transaction_id, self.transaction)
        cashier = make_role_user(self.env, "cashier")
        with self.assertRaises(UserError):
            self.transaction.with_user(cashier).action_refund()
        with self.assertRaises(UserError):
            self.transaction.with_user(cashier).action_refund(amount_to_refund=1)

    def test_what_the_ledger_says_of_an_invoice_is_not_written(self):
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.patient.partner_id.id}
        )
        for role in ROLES:
            by_hand = invoice.with_user(make_role_user(self.env, role))
            for vals in ({"payment_state": "paid"}, {"amount_residual": 0}):
                with self.subTest(role=role, vals=vals):
                    with self.assertRaises(UserError):
                        by_hand.write(vals)
