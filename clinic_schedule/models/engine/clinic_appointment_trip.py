from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.walltime import DAY

from ...exceptions import NotFreeError
from ...tools.trips import MAX_SERVICES, find_trips

COMMON_KEYS = {"patient_id", "payer_id", "payment_source_id", "telemedicine"}
TRIP_KEYS = COMMON_KEYS | {"legs", "hold_ids", "minutes", "phone"}
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
            and ``room_id``) or ``hold_ids`` (of :meth:`hold_trip`: these holds become
            the visits); optionally ``payment_source_id``, ``payer_id``,
            ``telemedicine`` for all of them
        :return: ids of the visits in the order of the legs
        :raises SlotTakenError: one of them is taken; says which and why, nothing is
            booked
        :raises SlotRefusedError: one of them breaks a rule; nothing is booked
        """
        self._check_trip(vals)
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._book_trip(self._with_kept_patient(vals)).ids

    @api.model
    def hold_trip(self, vals):
        """Keep all the times of one trip while the patient decides, or none of them.

        A trip counts as one hold where holds are limited.

        :param dict vals: as for :meth:`book_trip`, with ``legs``; ``patient_id`` may
            be missing, ``phone`` and ``minutes`` may be given as for :meth:`hold`
        :return: ids of the holds in the order of the legs
        :raises SlotTakenError: one of them is taken; says which, nothing is held
        :raises BookingLimitError: too many holds for this phone or patient
        """
        self._check_trip(vals)
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._hold_trip(self._with_kept_patient(vals)).ids

    # === BOOKING === #

    @api.model
    def _check_trip(self, vals):
        """
        :raises UserError: not a trip of one to four visits
        :raises AccessError: without the right to book
        """
        self._check_has_booking_role()
        self._refuse_api_client()
        self._check_keys(vals, TRIP_KEYS)
        legs = vals.get("hold_ids") or vals.get("legs")
        if not isinstance(legs, list) or not 0 < len(legs) <= MAX_SERVICES:
            raise self._prepare_length_error()
        patient = {"patient_id": vals.get("patient_id")}
        for leg in legs:
            asked = {"hold_id": leg} if vals.get("hold_ids") else leg
            if asked is leg:
                self._check_keys(leg, LEG_KEYS)
            # Each counts as a booking of its own where those are counted.
            self._check_may_book({**asked, **patient})

    @api.model
    def _book_trip(self, vals):
        """Visits for ``vals``; see :meth:`book_trip`."""
        if not vals.get("patient_id"):
            raise UserError(self.env._("Say for whom the visit is."))
        if vals.get("hold_ids"):
            hold_ids = dict.fromkeys(self._parse_ids(vals, "hold_ids"))
            return self.browse(hold_ids)._book_held(vals)
        visits = self._place_trip(vals, {"state": "booked"})
        visits._notify_patient("booked")
        return visits

    @api.model
    def _hold_trip(self, vals):
        """Holds for ``vals``; see :meth:`hold_trip`."""
        holds = self._place_trip(vals, self._prepare_hold_vals(vals))
        holds[:1]._claim_hold_limits()
        return holds

    @api.model
    def _place_trip(self, vals, state):
        """Visits or holds for all the legs of ``vals``, as ``state`` says."""
        common = {key: vals.get(key) for key in COMMON_KEYS}
        criterias = [self._parse_booking({**leg, **common}) for leg in vals["legs"]]
        try:
            visits = self._try_to_place(
                criterias, lambda placing: placing.create(common, state)
            )
        except NotFreeError as error:
            raise self._prepare_trip_refusal(criterias) from error
        visits._after_state_change(None, state["state"])
        return visits

    @api.model
    def _prepare_trip_refusal(self, criterias):
        """The error that names the first visit that cannot be had any more."""
        with self._get_fresh_view() as fresh:
            lost = [
                one
                for one, seen in zip(
                    criterias, self._as_seen_by(fresh, criterias), strict=True
                )
                if not fresh._find_slots(seen)
            ]
        refusal = self._prepare_refusal(lost or criterias)
        if not lost:
            return refusal
        # Services and specialists are no secret to who may book them.
        service = self.env["product.product"].browse(lost[0].service_ids[0])
        specialist = self.env["clinic.specialist"].browse(lost[0].specialist_ids[0])
        text = self.env._(
            "%(service)s, %(specialist)s: %(reason)s",
            service=service.name,
            specialist=specialist.name,
            reason=str(refusal),
        )
        return type(refusal)(text, refusal.context["slots"])

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
