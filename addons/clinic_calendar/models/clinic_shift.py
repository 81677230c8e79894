from odoo import api, models


class ClinicShift(models.Model):
    """Time that a visit gives back belongs to a meeting that was waiting for it."""

    _inherit = "clinic.shift"

    @api.model
    def _time_freed(self):
        result = super()._time_freed()
        self.env["clinic.meeting"]._retake()
        return result
