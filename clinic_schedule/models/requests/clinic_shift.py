from odoo import api, models

from ...tools.steps import AfterFreed, step


class ClinicShift(models.Model):
    _inherit = "clinic.shift"

    @api.model
    @step(AfterFreed.WAKE_WAITING)
    def _wake_waiting(self):
        self.env["clinic.booking.request"]._wake()
