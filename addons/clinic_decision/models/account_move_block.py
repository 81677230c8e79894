from odoo import models


class AccountMove(models.Model):
    """A block goes with what caused it, by whatever way that is paid or corrected."""

    _inherit = "account.move"

    def _sync_charges(self):
        result = super()._sync_charges()
        # Blocks follow the ledger, whoever was allowed to move the money.
        moves = self.sudo()
        payers = moves._get_receivable_lines().partner_id
        if payers:
            self.env["clinic.financial.block"].sudo()._lift_paid(payers)
        return result
