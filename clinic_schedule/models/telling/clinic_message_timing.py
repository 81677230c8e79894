from datetime import timedelta
from typing import NamedTuple

from odoo import api, models

from ...tools.states import MOVABLE

LAST_CHANCE = timedelta(hours=1)


class Kind(NamedTuple):
    """What messages of one purpose are like, about a visit."""

    coming: bool = False  # worth nothing once the visit has begun or is off
    of_hour: bool = False  # nor once it has moved
    pressing: bool = False  # may wake somebody who could not be told in the morning
    asks: bool = False  # has the link to confirm or cancel, and can be answered


class ClinicMessage(models.Model):
    """When a message about a visit may go out, and when it is stale."""

    _inherit = "clinic.message"

    @api.model
    def _get_visit_kinds(self):
        """Hook: {purpose: Kind} of messages about visits; others are news at any time.

        A reminder is *of_hour*, and what asks is answered by its link or by SMS.
        """
        return {
            "booked": Kind(coming=True, pressing=True),
            "moved": Kind(coming=True, pressing=True),
            "cancelled": Kind(pressing=True),
            "series": Kind(coming=True),
            "offer": Kind(coming=True, pressing=True, asks=True),
            "video": Kind(coming=True, pressing=True),
            "reminder": Kind(coming=True, of_hour=True, asks=True),
            "prepare": Kind(coming=True, of_hour=True, asks=True),
        }

    @api.model
    def _get_visit_kind(self, purpose):
        return self._get_visit_kinds().get(purpose, Kind())

    def _get_drop_reason(self, now):
        visit = self.appointment_id
        kind = self._get_visit_kind(self.purpose)
        if visit and kind.coming:
            if visit.start <= now:
                return "late"
            if visit.state not in MOVABLE:
                return "changed"
        if visit and kind.of_hour and not self._is_about_present_time():
            return "changed"
        if visit and self.purpose == "missed" and visit.state != "no_show":
            return "changed"
        return super()._get_drop_reason(now)

    def _is_about_present_time(self):
        """Whether the visit has not moved since the message was written."""
        key = self.appointment_id._get_message_key(self.purpose)
        return self.key == key or bool(self.resend_of_id)

    def _get_quiet_end(self, now):
        end = super()._get_quiet_end(now)
        start = self.appointment_id.start
        pressing = self._get_visit_kind(self.purpose).pressing
        if end and pressing and start and start < end + LAST_CHANCE:
            return None
        return end
