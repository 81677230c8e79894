from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _note_parted(self, partials):
        super()._note_parted(partials)
        if self._is_engine():
            return
        # Parting is Odoo's to allow; the log is written by nobody by hand.
        of_clinic = partials.sudo().filtered(lambda partial: partial._is_of_clinic())
        self.env["clinic.match"].sudo()._note_parted(of_clinic)
