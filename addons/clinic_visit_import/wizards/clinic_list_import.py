from odoo import api, models


class ClinicListImport(models.TransientModel):
    _inherit = "clinic.list.import"

    @api.model
    def _get_kinds(self):
        visits = ("clinic.list.visits", self.env._("Past visits"))
        return {**super()._get_kinds(), "visits": visits}
