from odoo import models

from ..engine.clinic_appointment import TAKING_TIME


class ClinicAppointment(models.Model):
    """Time that a visit gives back belongs to a meeting that was waiting for it."""

    _inherit = "clinic.appointment"

    def _after_state_change(self, old, new):
        result = super()._after_state_change(old, new)
        if old and new not in TAKING_TIME:
            self.env["clinic.meeting"]._retake()
        return result

    def _after_move(self, old_start):
        result = super()._after_move(old_start)
        self.env["clinic.meeting"]._retake()
        return result
