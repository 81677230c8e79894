from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..common import FinanceCommon

ROLES = ("cashier", "accountant", "finance_manager", "owner")


@tagged("-at_install", "post_install")
class TestPostedByHand(FinanceCommon):
    """What is posted for a patient is corrected or reversed, never rewritten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env,
                f"hand_{role}",
                groups=f"clinic_base.group_{role},clinic_base.group_finance_manager"
                if role == "owner"
                else f"clinic_base.group_{role}",
            )
            for role in ROLES
        }
        cls.visit = cls.book()
        cls.bill = cls.invoice(cls.render(cls.visit))
        cls.payment = cls.pay(cls.bill)
        cls.partial = cls.payment._get_partials()

    def call(self, role, records, method, *args):
        """``method`` as a client calls it."""
        model = self.env[records._name].with_user(self.users[role])
        return call_kw(model, method, [records.ids, *args], {})

    def get_state(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.bill.state,
            self.bill.amount_total,
            self.bill.amount_residual,
            self.bill.partner_id,
            self.bill.line_ids.clinic_charge_id,
            self.payment.state,
            self.payment.amount,
            self.payment.date,
            self.payment.move_id.state,
            self.payment._get_partials().mapped("amount"),
            self.visit.charge_ids.state,
            self.patient.account_balance,
        )

    def check_refused(self, records, method, *args):
        before = self.get_state()
        for role in ROLES:
            with self.subTest(role=role, of=records._name, method=method, args=args):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self.call(role, records, method, *args)
                self.assertEqual(self.get_state(), before)

    def test_the_entry_of_an_invoice_is_not_rewritten(self):
        other = self.other_patient
        for vals in (
            {"state": "draft"},
            {"state": "cancel"},
            {"partner_id": other.partner_id.id},
            {"clinic_patient_id": other.id},
            {"clinic_appointment_id": False},
            {"clinic_branch_id": False},
            {"invoice_date": "2020-01-01"},
            {"date": "2020-01-01"},
            {"payment_state": "paid"},
        ):
            self.check_refused(self.bill, "write", vals)

    def test_lines_of_an_invoice_are_not_rewritten(self):
        line = self.bill.invoice_line_ids
        for vals in (
            {"price_unit": 1},
            {"quantity": 2},
            {"clinic_charge_id": False},
            {"clinic_patient_id": self.other_patient.id},
            {"balance": -1},
            {"tax_ids": [Command.clear()]},
        ):
            self.check_refused(line, "write", vals)
            command = Command.update(line.id, vals)
            self.check_refused(self.bill, "write", {"invoice_line_ids": [command]})
        more = Command.create({"name": "More", "price_unit": 1})
        self.check_refused(self.bill, "write", {"invoice_line_ids": [more]})

    def test_a_payment_is_not_rewritten(self):
        for vals in (
            {"amount": 1},
            {"date": "2020-01-01"},
            {"clinic_patient_id": self.other_patient.id},
            {"partner_id": self.other_patient.partner_id.id},
            {"state": "draft"},
            {"state": "canceled"},
            {"invoice_ids": [Command.clear()]},
            {"clinic_refund_of_id": self.payment.id},
        ):
            self.check_refused(self.payment, "write", vals)

    def test_a_match_is_not_rewritten(self):
        for vals in ({"amount": 1}, {"debit_amount_currency": 1}):
            self.check_refused(self.partial, "write", vals)
        self.check_refused(self.partial, "unlink")

    def test_buttons_that_reset_or_cancel_are_refused(self):
        for method in ("button_draft", "button_cancel"):
            self.check_refused(self.bill, method)
            self.check_refused(self.payment.move_id, method)
        for method in ("action_draft", "action_cancel", "action_reject"):
            self.check_refused(self.payment, method)

    def test_the_entry_of_a_payment_is_not_reversed(self):
        wizards = self.env["account.move.reversal"].with_user(self.users["owner"])
        wizard = wizards.with_context(
            active_model="account.move", active_ids=self.payment.move_id.ids
        ).create({"journal_id": self.payment.journal_id.id})
        with self.assertRaisesRegex(UserError, "Give back"):
            wizard.reverse_moves()

    def test_the_sentence_names_the_right_way(self):
        for records, method, words in (
            (self.bill, "button_draft", "credit note"),
            (self.payment, "action_draft", "Give back"),
            (self.payment.move_id, "button_cancel", "Give back"),
            (self.partial, "unlink", "Matched payments"),
        ):
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(UserError, words),
            ):
                self.call("owner", records, method)

    def test_no_invoice_names_a_charge_by_hand(self):
        moves = self.env["account.move"].with_user(self.users["finance_manager"])
        line = {"name": "Visit", "price_unit": 1, "quantity": 1}
        with self.assertRaises(UserError):
            moves.create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.bill.partner_id.id,
                    "invoice_line_ids": [
                        Command.create(
                            {**line, "clinic_charge_id": self.visit.charge_ids.id}
                        )
                    ],
                }
            )

    def test_a_duplicate_is_no_second_invoice_of_the_charge(self):
        copy = self.bill.with_user(self.users["accountant"]).copy()
        self.assertFalse(copy.sudo().line_ids.clinic_charge_id)

    def test_a_credit_note_by_odoos_button_frees_the_money(self):
        wizards = self.env["account.move.reversal"].with_user(self.users["accountant"])
        wizard = wizards.with_context(
            active_model="account.move", active_ids=self.bill.ids
        ).create({"journal_id": self.bill.journal_id.id})
        wizard.modify_moves()
        self.env.invalidate_all()
        self.assertEqual(self.patient.account_balance, 3000)
        self.assertFalse(self.payment._get_partials())

    def test_what_odoos_button_parts_waits_for_a_person(self):
        lines = self.payment.move_id.line_ids.with_user(self.users["accountant"])
        lines.remove_move_reconcile()
        self.env.invalidate_all()
        self.assertEqual(self.bill.amount_residual, 3000)
        self.assertEqual(self.visit.charge_ids.state, "invoiced")
        self.env["clinic.match"]._match(self.bill.partner_id)
        self.assertEqual(self.bill.amount_residual, 3000)
        match = self.env["clinic.match"].search([("held", "=", True)])
        match.with_user(self.users["accountant"]).action_match_again()
        self.assertEqual(self.bill.amount_residual, 0)

    def test_an_accountant_registers_a_payment_by_odoos_button(self):
        bill = self.invoice(self.render(self.book("10:00")))
        payment = (
            self.env["account.payment.register"]
            .with_user(self.users["accountant"])
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({})
            ._create_payments()
        )
        self.assertEqual((bill.amount_residual, payment.amount), (0, 3000))

    def test_suppliers_bills_are_odoos_matter(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        bill = (
            self.env["account.move"]
            .with_user(self.users["accountant"])
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": vendor.id,
                    "invoice_date": "2026-09-01",
                    "invoice_line_ids": [
                        Command.create({"name": "Gloves", "price_unit": 10})
                    ],
                }
            )
        )
        bill.action_post()
        bill.button_draft()
        bill.button_cancel()
        self.assertEqual(bill.state, "cancel")
