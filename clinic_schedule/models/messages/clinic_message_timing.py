from datetime import timedelta

from odoo import models

from odoo.addons.clinic_base.tools.quiet_hours import quiet_until

from ..engine.clinic_appointment import MOVABLE

# Told of a visit to come, and worth nothing once it has begun.
COMING = {"booked", "moved", "series", "offer", "video", "reminder", "prepare"}
REMINDERS = {"reminder", "prepare"}
# May wake somebody whose visit begins before there is another chance to tell.
PRESSING = {"booked", "moved", "cancelled", "offer", "video"}
LAST_CHANCE = timedelta(hours=1)
# What could not be sent for so long is no news any more.
LONGEST_WAIT = timedelta(days=3)


class ClinicMessage(models.Model):
    """When a message may go out, and when it is better not sent at all."""

    _inherit = "clinic.message"

    def _get_branch(self):
        """The branch whose clock and company hold for the message."""
        return (
            self.appointment_id.branch_id
            or self.branch_id
            or self.env["clinic.branch"].search([], order="id", limit=1)
        )

    def _get_drop_reason(self, now):
        """Why the message is stale at ``now`` (naive UTC); None if it is not."""
        visit = self.appointment_id
        if not visit:
            return "late" if self.create_date < now - LONGEST_WAIT else None
        if self.purpose in COMING:
            if visit.start <= now:
                return "late"
            if visit.state not in MOVABLE:
                return "changed"
        if self.purpose in REMINDERS and not self._is_about_present_time():
            return "changed"
        if self.purpose == "missed" and visit.state != "no_show":
            return "changed"
        return "late" if self.create_date < now - LONGEST_WAIT else None

    def _is_about_present_time(self):
        """Whether the visit has not moved since the message was written."""
        key = self.appointment_id._get_message_key(self.purpose)
        return self.key == key or bool(self.resend_of_id)

    def _get_quiet_end(self, now):
        """Until when the message has to wait (naive UTC), because people sleep."""
        branch = self._get_branch()
        settings = self.env["clinic.schedule.settings"]._get(branch)
        end = branch and quiet_until(
            now, branch.tz, settings.quiet_from, settings.quiet_to
        )
        start = self.appointment_id.start
        if end and self.purpose in PRESSING and start and start < end + LAST_CHANCE:
            return None
        return end
