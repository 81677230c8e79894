from odoo import fields, models


class AccountPayment(models.Model):
    """Money moves at a cash desk while its shift is open, and at no other time."""

    _inherit = "account.payment"

    clinic_sale_id = fields.Many2one(
        "clinic.cash.sale",
        string="Sale",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def action_post(self):
        """:raises UserError: for a payment at a desk without an open shift"""
        shifts = self._get_cash_shifts()
        result = super().action_post()
        for payment, shift in shifts.items():
            payment.move_id._as_engine().clinic_cash_shift_id = shift
        return result

    def _get_cash_shifts(self):
        """{payment: open shift of its desk}, for payments at desks."""
        # Whoever posts a payment need not be allowed to see the desks.
        desks = (
            self.env["clinic.cash.desk"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    ("journal_id", "in", self.journal_id.ids),
                    ("terminal_journal_id", "in", self.journal_id.ids),
                ]
            )
        )
        by_journal = {desk.journal_id: desk for desk in desks}
        by_journal |= {desk.terminal_journal_id: desk for desk in desks}
        return {
            payment: by_journal[payment.journal_id]._get_open_shift()
            for payment in self
            if payment.journal_id in by_journal
        }

    def _get_receipt_key(self):
        """The payments of a sale have one receipt."""
        sale = self.clinic_sale_id
        return f"sale-{sale.id}" if sale else super()._get_receipt_key()

    def _get_event_payment(self):
        """What was handed over at a desk at once is one event."""
        return self.clinic_sale_id.payment_ids.sorted("id")[:1] or (
            super()._get_event_payment()
        )

    def _get_paid_receipts(self):
        """Receipts of the money: the payment's own, or the sale's."""
        return super()._get_paid_receipts() | self.clinic_sale_id.receipt_ids

    def _get_clock(self):
        """Zone of the branch whose till took the money."""
        # Sudo: the hour of a branch is no secret.
        branch = self.move_id.clinic_cash_shift_id.branch_id.sudo()
        return branch.tz or super()._get_clock()

    def _get_card_refundable(self):
        """What a desk's terminal has taken, it can give back."""
        if self._is_of_terminal():
            return self._get_refundable()
        return super()._get_card_refundable()

    def _is_of_terminal(self):
        """Whether the money came by card at a desk."""
        return bool(
            self.env["clinic.cash.desk"]
            .with_context(active_test=False)
            .search_count([("terminal_journal_id", "=", self.journal_id.id)], limit=1)
        )
