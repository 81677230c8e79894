from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.trips import MAX_SERVICES, find_trips
from ..tools.walltime import DAY

MAX_WAIT = 60


class ClinicAppointment(models.Model):
    """Several services in one trip."""

    _inherit = "clinic.appointment"

    @api.model
    def _find_trips(self, criteria, max_wait=MAX_WAIT):
        """Trips for checked criteria with several services, as a client gets them."""
        if len(criteria.service_ids) > MAX_SERVICES:
            raise UserError(
                self.env._(
                    "At most %(count)s services fit in one trip.", count=MAX_SERVICES
                )
            )
        runs = self._find_runs(criteria)
        trips = find_trips(runs, criteria.service_ids, max_wait, criteria.limit)
        slots = self._find_trip_slots(criteria, trips)
        exported = [self._export_trip(trip, slots) for trip in trips]
        return [trip for trip in exported if trip]

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
        """{start, stop, score, legs}; score is the waiting in minutes.

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
            "score": trip.waiting,
            "legs": legs,
        }

    @api.model
    def _export_leg(self, slot):
        return {
            "start": fields.Datetime.to_string(slot.start),
            "stop": fields.Datetime.to_string(slot.stop),
            "specialist_id": slot.specialist_id,
            "room_id": slot.place.room_id if slot.place else False,
            "branch_id": slot.branch_id,
            "service_id": slot.service_id,
        }
