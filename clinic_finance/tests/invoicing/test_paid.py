"""A charge is paid when its invoice is, on every way that money comes and goes."""

from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestPaid(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.render(cls.book())
        cls.charge = cls.visit.charge_ids
        cls.bill = cls.invoice(cls.visit)

    def pay_part(self, invoices, amount):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoices.ids
        )
        return wizard.create({"amount": amount})._create_payments()

    def come_by_bank(self, item):
        """A line of the bank's statement that is reconciled with ``item``."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": 3000,
                "payment_ref": "Services",
                "partner_id": self.bill.partner_id.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = item.account_id
        (suspense | item).reconcile()

    def test_the_register_of_payments_pays(self):
        self.assertEqual(self.charge.state, "invoiced")
        self.pay(self.bill)
        self.assertEqual(self.charge.state, "paid")

    def test_a_part_does_not_pay_and_the_rest_does(self):
        self.pay_part(self.bill, 1000)
        self.assertEqual(self.charge.state, "invoiced")
        self.pay_part(self.bill, 2000)
        self.assertEqual(self.charge.state, "paid")

    def test_several_invoices_of_one_payment_are_paid(self):
        other = self.book("10:00")
        bills = self.bill | self.invoice(other)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bills.ids
        )
        wizard.create({"group_payment": True})._create_payments()
        charges = self.charge | other.charge_ids
        self.assertEqual(charges.mapped("state"), ["paid", "paid"])

    def test_the_bank_s_line_pays(self):
        self.come_by_bank(self.bill._get_receivable_lines())
        self.assertEqual(self.charge.state, "paid")

    def test_what_is_parted_again_is_owed_again(self):
        payment = self.pay(self.bill)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.charge.state, "invoiced")

    def test_a_payment_that_is_cancelled_pays_nothing(self):
        payment = self.pay(self.bill)
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.charge.state, "invoiced")

    def test_a_credit_note_takes_the_payment_away(self):
        self.pay(self.bill)
        self.bill._reverse_moves(cancel=True)
        self.assertEqual(self.bill.payment_state, "reversed")
        self.assertEqual(self.charge._get_left()[self.charge].total, 0)
        self.assertEqual(self.patient.account_balance, 3000)

    def test_an_unpaid_invoice_that_is_reversed_asks_for_nothing_more(self):
        self.bill._reverse_moves(cancel=True)
        self.assertEqual(self.bill.payment_state, "reversed")
        self.assertEqual(self.visit.amount_due, 0)
        self.assertNotIn("unpaid", self.visits._get_board_marks(self.visit).values())
        self.assertFalse(self.charge.paid_at)

    def test_a_part_taken_back_leaves_the_rest_to_pay_and_then_paid(self):
        self.bill._credit({self.bill.invoice_line_ids: 1000})
        self.assertEqual((self.visit.amount_due, self.charge.state), (2000, "invoiced"))
        self.pay(self.bill)
        self.env.invalidate_all()
        self.assertEqual((self.visit.amount_due, self.charge.state), (0, "paid"))

    def test_a_paid_part_taken_back_is_free_and_the_visit_stays_paid(self):
        self.pay(self.bill)
        self.bill._credit({self.bill.invoice_line_ids: 1000})
        self.env.invalidate_all()
        self.assertEqual((self.visit.amount_due, self.charge.state), (0, "paid"))
        self.assertEqual(self.patient.account_balance, 1000)

    def test_what_is_cancelled_after_a_partial_correction_frees_all(self):
        self.pay(self.bill)
        self.bill._credit({self.bill.invoice_line_ids: 1000})
        self.charge._cancel()
        self.env.invalidate_all()
        self.assertEqual(self.patient.account_balance, 3000)

    def test_a_cancelled_invoice_is_to_be_posted_again(self):
        self.pay(self.bill)
        self.bill.button_cancel()
        self.assertEqual((self.charge.state, self.charge.posted_on), ("open", False))
        again = self.invoice(self.visit) - self.bill
        self.assertEqual(again.state, "posted")

    def test_what_costs_nothing_is_paid_when_it_is_invoiced(self):
        free = self.book("10:00")
        free.charge_ids._as_engine().price = 0
        bill = self.invoice(free)
        self.assertEqual((bill.state, free.charge_ids.state), ("posted", "paid"))
        bill.button_draft()
        self.assertEqual(free.charge_ids.state, "invoiced")
        bill.action_post()
        self.assertEqual(free.charge_ids.state, "paid")

    def test_money_on_its_way_pays_and_its_arrival_changes_nothing(self):
        on_its_way = patch.object(
            type(self.bill), "_get_invoice_in_payment_state", lambda _self: "in_payment"
        )
        with on_its_way:
            self.pay(self.bill)
            self.assertEqual(self.bill.payment_state, "in_payment")
            self.assertEqual(self.charge.state, "paid")
            self.assertEqual(self.visit.amount_due, 0)
            self.come_by_bank(self.bill._get_receivable_lines())
            self.assertEqual(self.bill.payment_state, "paid")
            self.assertEqual(self.charge.state, "paid")

    def test_a_request_is_told_once_that_it_is_paid(self):
        request = self.env["clinic.booking.request"].create(
            {
                "patient_id": self.patient.id,
                "service_id": self.service.id,
                "due_from": fields.Date.today(),
                "due_to": fields.Date.today(),
            }
        )
        self.visit._as_engine().request_id = request
        told = []
        with patch.object(
            type(request), "_notify_event", lambda some, event: told.append(some.ids)
        ):
            self.pay(self.bill)
            self.bill.flush_recordset()
            self.charge.invalidate_recordset()
            self.assertEqual(self.charge.state, "paid")
        self.assertEqual(told, [request.ids])
        self.assertEqual(request.state, "paid")

    def test_looking_at_an_invoice_writes_no_charge(self):
        self.pay(self.bill)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_charge SET state = 'invoiced' WHERE id = %s",
            [self.charge.id],
        )
        self.env.invalidate_all()
        self.env.add_to_compute(self.bill._fields["payment_state"], self.bill)
        self.env.flush_all()
        self.assertEqual(self.charge.state, "invoiced")

    def test_statements_do_not_grow_with_the_invoices_of_a_payment(self):
        counts = []
        for clocks in (("09:30",), ("10:00", "10:30", "11:00")):
            visits = [self.book(clock) for clock in clocks]
            bills = self.env["account.move"].union(*map(self.invoice, visits))
            charges = bills.line_ids.clinic_charge_id
            self.pay(bills)
            self.env.flush_all()
            self.env.invalidate_all()
            charges.mapped("state")
            before = self.env.cr.sql_log_count
            bills._sync_charges()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_credit_on_the_account_pays(self):
        money = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.bill.partner_id.id,
                "invoice_line_ids": [
                    Command.create({"name": "Back", "price_unit": 3000, "tax_ids": []})
                ],
            }
        )
        money.action_post()
        lines = money._get_receivable_lines() | self.bill._get_receivable_lines()
        lines.reconcile()
        self.assertEqual(self.bill.amount_residual, 0)
        self.assertEqual(self.charge.state, "paid")
