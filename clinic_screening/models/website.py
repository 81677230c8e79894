from odoo import api, models


class Website(models.Model):
    _inherit = "website"

    @api.private
    def get_clinic_start(self):
        return super().get_clinic_start() or "/clinic/screening"
