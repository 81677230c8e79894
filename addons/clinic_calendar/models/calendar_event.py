from odoo import api, models

# What decides whether, and when, a meeting takes its specialist.
MEETING_FIELDS = frozenset(
    {
        "active",
        "allday",
        "attendee_ids",
        "partner_ids",
        "show_as",
        "start",
        "start_date",
        "stop",
        "stop_date",
        "user_id",
        "duration",
        "recurrence_update",
    }
)
# In the context of whoever writes the blocks that show visits. An object, which no
# client can put there.
BLOCKS = object()


class CalendarEvent(models.Model):
    """Meetings of specialists take their time in the clinic."""

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._sync_clinic_meetings()
        return events

    def write(self, vals):
        # The calendar takes keys out of the dict while it works.
        names = set(vals)
        result = super().write(vals)
        if names & MEETING_FIELDS:
            self._sync_clinic_meetings()
        return result

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        self.browse(ids)._sync_clinic_meetings()
        return result

    def _sync_clinic_meetings(self):
        if self and self.env.context.get("clinic_blocks") is not BLOCKS:
            self.env["clinic.meeting"]._sync_safely(self.ids)
