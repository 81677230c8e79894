from odoo import api, models
from odoo.exceptions import AccessError

# Of the suite's own notes, such as how long a restored database keeps quiet.
OWN = ("clinic.", "clinic_emr.")


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        parameters._clinic_check_own()
        return parameters

    def write(self, vals):
        self._clinic_check_own()
        result = super().write(vals)
        self._clinic_check_own()
        return result

    def unlink(self):
        self._clinic_check_own()
        return super().unlink()

    def _clinic_check_own(self):
        """:raises AccessError: for what the program notes for itself; settings, which
        are checked by their own pages, are written as superuser"""
        if not self.env.su and any(key.startswith(OWN) for key in self.mapped("key")):
            raise AccessError(
                self.env._("The program keeps this for itself; nobody sets it by hand.")
            )
