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
            payment.move_id.clinic_cash_shift_id = shift
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

    def _get_paid_receipts(self):
        """Receipts of the money: the payment's own, or the sale's."""
        return self.clinic_receipt_ids | self.clinic_sale_id.receipt_ids

    def _may_refund(self):
        """Whether the user may give this payment back: cashiers on its day only."""
        self.ensure_one()
        user = self.env.user
        if user.has_group("clinic_base.group_accountant"):
            return True
        branch = self.move_id.clinic_cash_shift_id.branch_id
        # Sudo: the hour of a branch is no secret.
        tz = branch.sudo().tz or user.tz
        today = fields.Date.context_today(self.with_context(tz=tz))
        return user.has_group("clinic_base.group_cashier") and self.date == today

    def _is_of_terminal(self):
        """Whether the money came by card at a desk."""
        return bool(
            self.env["clinic.cash.desk"]
            .with_context(active_test=False)
            .search_count([("terminal_journal_id", "=", self.journal_id.id)], limit=1)
        )
