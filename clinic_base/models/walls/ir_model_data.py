from odoo import api, models
from odoo.exceptions import AccessError

from ...tools import authority
from .res_groups import GUARDED


class IrModelData(models.Model):
    _inherit = "ir.model.data"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._clinic_check_medical_names()
        return records

    def write(self, vals):
        self._clinic_check_medical_names()
        result = super().write(vals)
        self._clinic_check_medical_names()
        return result

    def unlink(self):
        self._clinic_check_medical_names()
        return super().unlink()

    def _clinic_check_medical_names(self):
        """A medical group's external id moved to another group would make its members
        medical."""
        if not self.env.registry.ready or authority.may_grant(self.env):
            return
        if self.sudo().filtered(
            lambda data: data.module == "clinic_base" and data.name in GUARDED
        ):
            raise AccessError(
                self.env._("Only the chief physician gives and takes medical roles.")
            )
