from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import FinanceCommon


class TestRefundCommon(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(cls.env, "till", groups="clinic_base.group_cashier")
        cls.desk = cls.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", cls.env.company.id)], limit=1
        ) or cls.env["account.journal"].create(
            {"name": "Cash desk", "type": "cash", "code": "DESK"}
        )
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.visit = cls.book()
        cls.bill = cls.invoice(cls.visit)

    @classmethod
    def pay_by(cls, journal, invoice):
        wizard = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"journal_id": journal.id})._create_payments()

    def refund(self, amount, user=None, **vals):
        refund = (
            self.env["clinic.refund"]
            .with_user(user or self.accountant)
            .create(
                {
                    "payment_id": self.payment.id,
                    "amount": amount,
                    "journal_id": self.desk.id,
                    "bank_journal_id": self.bank.id,
                    "reason": "Came twice",
                    **vals,
                }
            )
        )
        refund.action_refund()
        return refund

    def get_balance(self):
        self.patient.invalidate_recordset()
        return self.patient.account_balance


@tagged("-at_install", "post_install")
class TestRefund(TestRefundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payment = cls.pay_by(cls.desk, cls.bill)

    def test_a_cashier_gives_back_a_part_in_cash_with_a_receipt(self):
        refund = self.refund(1000, self.cashier)
        self.assertEqual((refund.state, refund.available), ("done", 2000))
        receipt = refund.refund_payment_id.sudo().clinic_receipt_ids
        self.assertEqual((receipt.kind, receipt.amount), ("refund", 1000))
        self.assertEqual(receipt.line_ids.name, "Visit")
        self.assertEqual(self.bill.amount_residual, 1000)
        self.assertEqual(self.visit.charge_ids.state, "invoiced")
        self.assertEqual(self.get_balance(), -1000)

    def test_money_of_a_cancelled_visit_goes_back_whole(self):
        self.visit.cancel(self.reason.id)
        self.refund(3000, self.cashier)
        self.assertEqual(self.get_balance(), 0)
        self.assertTrue(self.payment.move_id._get_receivable_lines().reconciled)

    def test_a_correction_lowers_the_invoice_so_that_nothing_is_owed(self):
        refund = self.refund(1000, is_correction=True)
        self.assertEqual(refund.credit_note_ids.amount_total, 1000)
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self.get_balance(), 0)

    def test_money_may_stay_as_credit(self):
        refund = self.refund(1200, way="account")
        self.assertFalse(refund.refund_payment_id)
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self.get_balance(), 1200)

    def test_never_more_than_is_left(self):
        self.refund(2000)
        with self.assertRaises(UserError):
            self.refund(1001)
        self.refund(1000)
        with self.assertRaises(UserError):
            self.refund(1)

    def test_a_refund_is_done_once_and_not_rewritten(self):
        refund = self.refund(1000)
        with self.assertRaises(UserError):
            refund.action_refund()
        with self.assertRaises(UserError):
            refund.write({"amount": 500})

    def test_a_payment_without_a_card_is_not_refunded_to_one(self):
        with self.assertRaises(UserError):
            self.refund(1000, way="card")

    def test_a_reason_is_asked_for(self):
        with self.assertRaises(UserError):
            self.refund(1000, reason="  ")

    def test_a_cashier_corrects_no_invoice(self):
        for vals in ({"way": "account"}, {"is_correction": True}):
            with self.assertRaises(AccessError):
                self.refund(1000, self.cashier, **vals)

    def test_a_registrar_and_the_system_administrator_give_nothing_back(self):
        system = new_test_user(self.env, "root4", groups="base.group_system")
        for user in (self.registrar, system):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self.refund(1000, user)

    def test_the_dialog_proposes_what_is_left(self):
        form = Form(
            self.env["clinic.refund"]
            .with_user(self.cashier)
            .with_context(default_payment_id=self.payment.id)
        )
        self.assertEqual(form.amount, 3000)
        self.assertTrue(form.journal_id)
        self.assertEqual((form.way, form.open_ways), ("cash", "cash"))


@tagged("-at_install", "post_install")
class TestRefundOfCashless(TestRefundCommon):
    """What did not come in cash does not go back in cash (5348-У)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payment = cls.pay_by(cls.bank, cls.bill)

    def test_cash_is_refused_and_the_allowed_way_is_named(self):
        with self.assertRaisesRegex(UserError, "5348-У.*By bank transfer"):
            self.refund(1000)
        with self.assertRaisesRegex(UserError, "transfer by the accountant"):
            self.refund(1000, self.cashier)
        self.assertEqual(self.get_balance(), 0)

    def test_a_transfer_goes_back_on_application_with_a_receipt(self):
        refund = self.refund(1000, way="bank", application="No. 1 of 3 March")
        payment = refund.refund_payment_id
        self.assertEqual(payment.journal_id, self.bank)
        receipt = payment.clinic_receipt_ids
        self.assertEqual((receipt.kind, receipt.amount_card), ("refund", 1000))
        self.assertEqual(self.get_balance(), -1000)

    def test_who_is_erased_leaves_neither_reason_nor_account(self):
        refund = self.refund(
            1000, way="bank", application="No. 1, 40817810000000000001"
        )
        refunds = self.env["clinic.refund"]
        refunds._forget_person(self.create_patient("Somebody else"))
        self.assertTrue(refund.application)
        refunds._forget_person(self.patient)
        self.assertFalse(refund.application)
        self.assertEqual(refund.reason, "–")

    def test_an_application_is_asked_for(self):
        with self.assertRaisesRegex(UserError, "application"):
            self.refund(1000, way="bank", application=" ")

    def test_a_cashier_sends_no_transfers(self):
        with self.assertRaises(AccessError):
            self.refund(1000, self.cashier, way="bank", application="No. 1")

    def test_the_dialog_offers_what_payment_and_role_allow(self):
        offered = {}
        for user in (self.accountant, self.cashier):
            refunds = self.env["clinic.refund"].with_user(user)
            form = Form(refunds.with_context(default_payment_id=self.payment.id))
            offered[user] = form.open_ways
        self.assertEqual(offered, {self.accountant: "bank,account", self.cashier: ""})
