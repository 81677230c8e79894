from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import NotFreeError
from ..tools.trips import MAX_SERVICES, find_trips
from ..tools.walltime import DAY

TRIP_KEYS = {
    "patient_id",
    "payer_id",
    "payment_source_id",
    "telemedicine",
    "legs",
}
LEG_KEYS = {"service_id", "specialist_id", "start", "room_id", "branch_id"}


class ClinicAppointment(models.Model):
    """Several services in one trip."""

    _inherit = "clinic.appointment"

    # === PUBLIC === #

    @api.model
    def book_trip(self, vals):
        """Book the visits of one trip, all of them or none.

        :param dict vals: ``patient_id``, ``legs`` (dicts with ``service_id``,
            ``specialist_id``, ``start`` as for :meth:`book`, optionally ``branch_id``
            and ``room_id``); optionally ``payment_source_id``, ``payer_id``,
            ``telemedicine`` for all of them
        :return: ids of the visits in the order of the legs
        :raises SlotTakenError: one of them is taken; says why, nothing is booked
        :raises SlotRefusedError: one of them breaks a rule; nothing is booked
        """
        self._check_keys(vals, TRIP_KEYS)
        legs = vals.get("legs")
        if not isinstance(legs, list) or not 0 < len(legs) <= MAX_SERVICES:
            raise self._prepare_length_error()
        for leg in legs:
            self._check_keys(leg, LEG_KEYS)
            # Each counts as a booking of its own where those are counted.
            self._check_may_book(leg)
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._book_trip(vals).ids

    # === BOOKING === #

    @api.model
    def _book_trip(self, vals):
        """Visits for ``vals``; see :meth:`book_trip`."""
        if not vals.get("patient_id"):
            raise UserError(self.env._("Say for whom the visit is."))
        common = {key: vals.get(key) for key in TRIP_KEYS - {"legs"}}
        criterias = [self._parse_booking({**leg, **common}) for leg in vals["legs"]]
        try:
            visits = self._try_to_place(
                criterias, lambda placing: placing.create(common, {"state": "booked"})
            )
        except NotFreeError as error:
            raise self._prepare_trip_refusal(criterias) from error
        visits._after_state_change(None, "booked")
        visits._notify_patient("booked")
        return visits

    @api.model
    def _prepare_trip_refusal(self, criterias):
        """The error that speaks of the first visit that cannot be had any more."""
        with self._get_fresh_view() as fresh:
            lost = [one for one in criterias if not fresh._find_slots(one)]
        return self._prepare_refusal(lost or criterias)

    # === SEARCH === #

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
