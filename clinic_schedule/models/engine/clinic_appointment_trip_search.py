from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.walltime import DAY

from ...tools.trips import MAX_SERVICES, find_trips


class ClinicAppointment(models.Model):
    """Search for several services in one trip."""

    _inherit = "clinic.appointment"

    @api.model
    def _find_trips(self, criteria):
        """Trips for checked criteria with several services, as a client gets them."""
        if len(criteria.service_ids) > MAX_SERVICES:
            raise self._prepare_length_error()
        runs = self._find_runs(criteria)
        trips = find_trips(
            runs, criteria.service_ids, criteria.max_wait, criteria.limit
        )
        slots = self._find_trip_slots(criteria, trips)
        exported = [self._export_trip(trip, slots) for trip in trips]
        return [trip for trip in exported if trip]

    @api.model
    def _prepare_length_error(self):
        return UserError(
            self.env._(
                "At most %(count)s services fit in one trip.", count=MAX_SERVICES
            )
        )

    @api.model
    def _find_trip_slots(self, criteria, trips):
        """{(service, specialist, branch, start): slot} of all legs, one statement."""
        starts = {leg.start for trip in trips for leg in trip.legs}
        if not starts:
            return {}
        wanted = replace(
            criteria,
            wanted=tuple(sorted(starts)),
            start=min(starts),
            stop=max(starts) + DAY,
            weekdays=None,
            limit=None,
        )
        return {
            (slot.service_id, slot.specialist_id, slot.branch_id, slot.start): slot
            for slot in self._find_slots(wanted)
        }

    @api.model
    def _export_trip(self, trip, slots):
        """{start, stop, waiting, legs}; waiting between legs, in minutes.

        None if the legs cannot all be housed.
        """
        legs = []
        for leg in trip.legs:
            run = leg.run
            slot = slots.get(
                (run.service_id, run.specialist_id, run.branch_id, leg.start)
            )
            if not slot:
                return None
            legs.append(self._export_leg(slot))
        return {
            "start": legs[0]["start"],
            "stop": legs[-1]["stop"],
            "waiting": trip.waiting,
            "legs": legs,
        }
