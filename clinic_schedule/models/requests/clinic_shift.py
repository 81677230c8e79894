from odoo import api, models


class ClinicShift(models.Model):
    _inherit = "clinic.shift"

    @api.model
    def _time_freed(self):
        result = super()._time_freed()
        self.env["clinic.booking.request"]._wake()
        return result
