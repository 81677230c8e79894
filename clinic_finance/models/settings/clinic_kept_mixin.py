from odoo import api, models
from odoo.exceptions import UserError


class ClinicKeptMixin(models.AbstractModel):
    """Rows of the ledger that have to do with a patient: once posted they are corrected
    or reversed, never rewritten (Federal law 402-ФЗ, art. 10).

    Odoo guards its own screens; this guards the same rows against plain writes.
    """

    _name = "clinic.kept.mixin"
    _description = "Kept as it was posted"
    _inherit = ["clinic.engine.mixin"]
    _created_by_engine = False
    # Crons, providers' notices and actions that have checked their caller go on.
    _engine_is_superuser = True

    # What is not rewritten once the row is posted.
    _kept_fields = frozenset()

    def write(self, vals):
        """:raises UserError: by hand, what is posted for a patient"""
        if self._kept_fields & vals.keys():
            self._check_rewritable()
        if "state" in vals and not self._is_engine():
            # Odoo's buttons come here as the engine, whatever they have to do first.
            clinical = self.filtered(lambda row: row.sudo()._is_of_clinic())
            if clinical:
                clinical._raise_kept()
        return super().write(vals)

    def _check_rewritable(self):
        """:raises UserError: for rows that are kept, unless the engine asks"""
        if self._is_engine():
            return
        # Whether a row is kept is read from entries that its caller may not see.
        kept = self.filtered(lambda row: row.sudo()._is_kept())
        if kept:
            kept.check_access("write")
            kept._raise_kept()

    def _is_of_clinic(self):
        """Hook: whether the row has to do with a patient's charge or payment."""
        return False

    def _is_kept(self):
        """Hook: whether the row is posted and of the clinic."""
        return False

    @api.model
    def _raise_kept(self):
        """Hook: name the right way.

        :raises UserError: always
        """
        raise UserError(
            self.env._(
                "What is posted for a patient stays as it is: correct the charge or"
                " give the money back."
            )
        )
