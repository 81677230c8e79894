from odoo.tests import BaseCase, tagged

from ...tools.receipts import spread
from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestSpread(BaseCase):
    def test_the_parts_add_up_to_the_sum(self):
        for amount, weights in (
            (100, [1, 1, 1]),
            (0.01, [5, 5]),
            (1000, [333.33, 666.67]),
            (4500, [3000]),
        ):
            parts = spread(amount, weights)
            self.assertAlmostEqual(sum(parts), amount, places=2)
            self.assertGreaterEqual(min(parts), 0)
        self.assertEqual(spread(100, [1, 1, 1]), [33.33, 33.33, 33.34])


@tagged("-at_install", "post_install")
class TestReceipts(FinanceCommon):
    def test_three_for_a_thousand_are_one_piece_for_the_register(self):
        invoice = self.invoice(self.book())
        receipts = self.env["clinic.receipt"]
        invoice.button_draft()
        invoice.invoice_line_ids.write({"quantity": 3, "price_unit": 333.333})
        invoice.action_post()
        for vals in receipts._prepare_sale_lines(
            invoice, invoice.amount_total, invoice.currency_id
        ):
            self.assertAlmostEqual(vals["qty"] * vals["price"], vals["amount"])

    def test_money_without_an_invoice_is_an_advance(self):
        [vals] = self.env["clinic.receipt"]._prepare_sale_lines(
            self.env["account.move"], 500, self.env.company.currency_id
        )
        self.assertEqual(vals["payment_method"], "advance")
        self.assertEqual(vals["payment_subject"], "payment")

    def test_what_is_paid_over_is_an_advance(self):
        invoice = self.invoice(self.book())
        lines = self.env["clinic.receipt"]._prepare_sale_lines(
            invoice, 3500, invoice.currency_id
        )
        self.assertEqual(
            [(vals["amount"], vals["payment_method"]) for vals in lines],
            [(3000, "full_prepayment"), (500, "advance")],
        )

    def test_a_visit_that_is_done_offsets_what_was_paid_before_once(self):
        visit = self.book()
        payment = self.pay(self.invoice(visit))
        self.render(visit)
        self.env["clinic.receipt"]._note_differences(visit.charge_ids)
        kinds = payment.clinic_receipt_ids.mapped("kind")
        self.assertEqual(sorted(kinds), ["income", "offset"])

    def test_the_database_refuses_to_count_a_payment_twice(self):
        self.env.cr.execute(
            "SELECT count(*) FROM pg_indexes"
            " WHERE indexname = 'account_payment_transaction_once'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 1)
