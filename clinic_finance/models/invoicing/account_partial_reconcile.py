from odoo import api, models
from odoo.exceptions import UserError


class AccountPartialReconcile(models.Model):
    """Items that are parted take their money back from what they had paid.

    Patients' items are joined and parted by actions alone, since charges, receipts and
    the log of matches follow them.
    """

    _name = "account.partial.reconcile"
    _inherit = ["clinic.kept.mixin", "account.partial.reconcile"]

    _kept_fields = frozenset(
        (
            "amount",
            "company_id",
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        )
    )

    def _is_of_clinic(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        return any(move._is_of_clinic() for move in moves)

    def _is_kept(self):
        return self._is_of_clinic()

    def _raise_kept(self):
        raise UserError(
            self.env._(
                "Undo the match in “Matched payments”, which asks for the reason."
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._check_rewritable()
        return partials

    def unlink(self):
        if not self:
            # Odoo parts every new item first.
            return super().unlink()
        self._check_rewritable()
        moves = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        moves.exists()._sync_charges()
        return result
