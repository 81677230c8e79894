from odoo import api, models


class ClinicListImport(models.TransientModel):
    _inherit = "clinic.list.import"

    @api.model
    def _get_kinds(self):
        shifts = ("clinic.list.shifts", self.env._("Weekly shifts"))
        return {**super()._get_kinds(), "shifts": shifts}
