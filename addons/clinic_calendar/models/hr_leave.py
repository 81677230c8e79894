from odoo import models


class HrLeave(models.Model):
    """Time off has an event in the calendar, but cuts shifts instead of taking time."""

    _inherit = "hr.leave"

    def _validate_leave_request(self):
        result = super()._validate_leave_request()
        self.meeting_id._sync_clinic_meetings()
        return result
