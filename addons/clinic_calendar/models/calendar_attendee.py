from odoo import models


class CalendarAttendee(models.Model):
    """Accepting or declining an invitation takes or frees the specialist's time."""

    _inherit = "calendar.attendee"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.event_id._sync_clinic_meetings()
        return result

    def unlink(self):
        events = self.event_id
        result = super().unlink()
        events.exists()._sync_clinic_meetings()
        return result
