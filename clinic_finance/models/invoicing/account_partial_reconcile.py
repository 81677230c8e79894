from odoo import models


class AccountPartialReconcile(models.Model):
    """Items that are parted take their money back from what they had paid."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        moves.exists()._sync_charges()
        return result
