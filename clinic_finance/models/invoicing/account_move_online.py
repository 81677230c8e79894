from odoo import models
from odoo.fields import Command


class AccountMove(models.Model):
    """Posted invoices are paid online, by our pages and by Odoo's."""

    _inherit = "account.move"

    def _is_payable(self):
        return self.state == "posted" and self.move_type in (
            "out_invoice",
            "out_receipt",
        )

    def _get_charges(self):
        return self.line_ids.clinic_charge_id.sorted()

    def _get_due(self):
        return sum(self.mapped("amount_residual"))

    def _get_payer(self):
        return self.partner_id

    def _prepare_transaction_vals(self):
        return {"invoice_ids": [Command.set(self.ids)]}
