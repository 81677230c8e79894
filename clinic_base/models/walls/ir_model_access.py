from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.stored_code import is_switched_on


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        self._clinic_check_open(rows.model_id)
        return rows

    def write(self, vals):
        self._clinic_check_open(self.model_id)
        result = super().write(vals)
        self._clinic_check_open(self.model_id)
        return result

    def unlink(self):
        self._clinic_check_open(self.model_id)
        return super().unlink()

    @api.model
    def _clinic_check_open(self, models_sudo):
        """Who reads which medical record is said by the modules and by the chief
        physician, not by an administrator's rules and access rows.

        :raises AccessError: if a login changes those of a medical model
        """
        if self.env.su or is_switched_on():
            return
        for model in models_sudo.sudo().mapped("model"):
            if getattr(self.env.get(model), "_clinic_medical", False):
                raise AccessError(
                    self.env._(
                        "Who reads the medical record is decided by the program and"
                        " the chief physician (Medical, Who reads which records), not"
                        " by rules in the settings."
                    )
                )
