from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestReconciliationAccess(FinanceCommon):
    """Which payment has paid what tells who was where: it stays in its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        invoice = cls.invoice(cls.book())
        cls.pay(invoice)
        cls.parts = invoice._get_receivable_lines().matched_credit_ids
        cls.whole = cls.parts.full_reconcile_id

    def test_another_company_sees_no_reconciliation(self):
        self.assertTrue(self.parts and self.whole)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="clinic_base.group_finance_manager,account.group_account_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        for records in (self.parts, self.whole):
            with self.subTest(model=records._name):
                unseen = records.with_user(stranger)
                self.assertFalse(unseen.search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    unseen.read(["create_date"])

    def test_accountants_of_the_company_see_and_make_them(self):
        accountant = self.accountant
        for records in (self.parts, self.whole):
            with self.subTest(model=records._name):
                seen = records.with_user(accountant).search([("id", "in", records.ids)])
                self.assertEqual(seen, records)
        invoice = self.invoice(self.book("10:00"))
        self.env["account.payment.register"].with_user(accountant).with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        lines = invoice._get_receivable_lines()
        self.assertTrue(lines.full_reconcile_id)
        lines.with_user(accountant).remove_move_reconcile()
        self.assertFalse(lines.full_reconcile_id)
