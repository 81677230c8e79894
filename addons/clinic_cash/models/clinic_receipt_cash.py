from odoo import api, fields, models


class ClinicReceipt(models.Model):
    """What a payer hands over at a desk at once, in cash and by card, is one event."""

    _inherit = "clinic.receipt"

    sale_id = fields.Many2one(
        "clinic.cash.sale",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    cash_shift_id = fields.Many2one(
        related="payment_id.move_id.clinic_cash_shift_id",
        string="Cashier's shift",
        store=True,
        index="btree_not_null",
    )

    @api.depends("sale_id")
    def _compute_means(self):
        return super()._compute_means()

    def _get_cash(self):
        # Who reads a receipt reads with what it was paid, not the sale.
        sale = self.sale_id.sudo()
        return sale.cash if sale else super()._get_cash()

    @api.model
    def _prepare_payment_vals(self, payments):
        vals = super()._prepare_payment_vals(payments)
        sale = payments.clinic_sale_id
        return {
            **vals,
            "sale_id": sale.id,
            "contact": sale.contact or vals["contact"],
        }

    def _get_branch(self):
        """Where the money was taken, else where the service was rendered."""
        return self.cash_shift_id.branch_id or super()._get_branch()

    def _get_cashier(self):
        return self.sale_id.user_id or super()._get_cashier()
