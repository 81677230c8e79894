from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from odoo.addons.clinic_base.tools.walltime import to_wall

from ...exceptions import BookingLimitError, NotFreeError
from ...tools.patience import execute_waiting

# First key of the advisory locks, in the order in which they are taken.
LOCK_SPECIALIST = 0x434C31
LOCK_PATIENT = 0x434C32
LOCK_RESOURCE = 0x434C33  # rooms, devices and more, by resource


class Placing:
    """One attempt to put visits where they are wanted, inside a savepoint.

    Order of the steps, the same for every way of booking: lock patients and
    specialists, drop expired holds, ask the search statement for exactly the wanted
    starts, lock the shifts and rooms that the answer stands on, lock the rooms, write.
    The locks are a queue; two visits at once are refused by the exclusion constraint.

    These are visits with a time and a room of their own, one or the several of a trip
    or a series; their sibling :class:`SeatPlacing` takes places in a session.
    """

    def __init__(self, appointments, criterias, ignoring, taken_resources, deadline):
        self.env = appointments.env
        self.appointments = appointments
        self.criterias = [
            replace(one, ignored_appointment_ids=tuple(ignoring.ids))
            if ignoring
            else one
            for one in criterias
        ]
        self.taken_resources = taken_resources
        self.deadline = deadline
        self.offered_resources = set()
        self.chosen_resources = set()
        self.days = {}

    # === STEPS === #

    def find(self):
        """Slots for all wanted starts, in their order.

        :raises NotFreeError: if one of them cannot be had
        """
        self._lock_people()
        self._drop_expired_holds()
        slots = [slot for one in self.criterias for slot in self._find_wanted(one)]
        self._share_shifts(slots)
        return slots

    def create(self, vals, state):
        """Visits at the wanted starts."""
        slots = self.find()
        places = self._choose_places(slots)
        numbers = self.env["clinic.session"]._next_numbers(len(slots))
        visits = self.appointments._as_engine().create(
            [
                {
                    **self.appointments._prepare_appointment_vals(slot, place, vals),
                    **self.appointments._prepare_state_vals(slot, state),
                    "session_id": number,
                }
                for slot, place, number in zip(slots, places, numbers, strict=True)
            ]
        )
        visits._claim_occupancy()
        self._claim_day_limits(visits, slots)
        return visits.with_env(self.env)

    def book_holds(self, holds, patient_id, vals):
        """Turn ``holds`` into visits of ``patient_id`` where they stand."""
        self.find()
        for hold in holds:
            hold._move_state(
                "booked",
                patient_id=patient_id,
                expires_at=False,
                placed_by_id=self.env.uid,
                payer_id=vals.get("payer_id") or hold.payer_id.id,
                request_id=vals.get("request_id") or hold.request_id.id,
            )

    @staticmethod
    def prepare_move(visit, start, specialist_id, room_id, duration):
        """What :meth:`move` is asked for; None leaves specialist and length alone."""
        length = {"duration": duration} if duration else {}
        return {
            "start": start,
            "specialist_id": specialist_id or visit.specialist_id.id,
            "room_id": room_id,
            "branch_id": None,
            "overbook_reason": None,
            **length,
        }

    def move(self, *visits):
        """Move each visit to its wanted start; all of them in one step."""
        slots = self.find()
        places = self._choose_places(slots)
        moved = self.appointments.browse()
        for visit, slot, place in zip(visits, slots, places, strict=True):
            stays = (visit.specialist_id.id, visit.start) == (
                slot.specialist_id,
                slot.start,
            )
            visit._as_engine().write(
                {
                    **visit._prepare_place_vals(slot, place),
                    "placed_by_id": visit.placed_by_id.id if stays else self.env.uid,
                    "overbook_reason": False,
                    "overbook_user_id": False,
                }
            )
            moved |= visit
        if len(moved) > 1:
            self._set_constraints("DEFERRED")
        moved._sync_occupancy()
        if len(moved) > 1:
            self._set_constraints("IMMEDIATE")
        self._reclaim_day_limits(moved, slots)

    # === LOCKS === #

    def _lock_people(self):
        self._lock(
            [
                (LOCK_SPECIALIST, specialist_id)
                for one in self.criterias
                for specialist_id in one.specialist_ids
            ]
            + [
                (LOCK_PATIENT, one.patient_id)
                for one in self.criterias
                if one.patient_id
            ]
        )

    def _lock(self, keys):
        """Wait for the locks of ``keys`` in sorted order; held until the end.

        All waits of one booking share a time, see ``_giving_up_soon``.
        """
        self._execute_waiting(
            """
            SELECT pg_advisory_xact_lock(namespace, id)
              FROM unnest(%s::int[], %s::int[]) AS key(namespace, id)
            """,
            [list(column) for column in zip(*sorted(set(keys)), strict=True)],
        )

    def _execute_waiting(self, query, params):
        execute_waiting(self.env.cr, query, params, self.deadline)

    def _share_shifts(self, slots):
        """Lock what the slots stand on against leaves, closures and roster edits.

        A shift that was rewritten since the snapshot makes the transaction fail with a
        serialization error, and Odoo tries it again. The local day of the shift is the
        day that limits and profiles speak of.
        """
        spans = [
            (
                slot.specialist_id,
                slot.start - timedelta(minutes=slot.buffer_before),
                slot.stop + timedelta(minutes=slot.buffer_after),
            )
            for slot in slots
        ]
        self._execute_waiting(
            """
            SELECT wanted.number, shift.start
              FROM clinic_shift shift
              JOIN unnest(%s::int[], %s::timestamp[], %s::timestamp[])
                   WITH ORDINALITY wanted(specialist_id, start, stop, number)
                ON shift.specialist_id = wanted.specialist_id
               AND shift.start < wanted.stop
               AND shift.stop > wanted.start
             WHERE shift.active
             ORDER BY shift.id
               FOR SHARE OF shift
            """,
            [list(column) for column in zip(*spans, strict=True)],
        )
        for number, start in self.env.cr.fetchall():
            slot = slots[number - 1]
            day = to_wall(start, slot.tz).date()
            self.days[slot] = min(day, self.days.get(slot, day))

    def _lock_resources(self, resource_ids):
        """Queue for rooms, devices and what else is needed; closures wait."""
        self._execute_waiting(
            """
            SELECT pg_advisory_xact_lock(%s, id)
              FROM (SELECT id
                      FROM resource_resource
                     WHERE id = ANY(%s)
                     ORDER BY id
                       FOR SHARE) place
            """,
            [LOCK_RESOURCE, list(resource_ids)],
        )

    def _set_constraints(self, mode):
        # The mode is one of two words of this class.
        self.env.cr.execute(  # pylint: disable=sql-injection
            "SET CONSTRAINTS clinic_occupancy_resource_no_overlap,"
            f" clinic_occupancy_patient_no_overlap {mode}"
        )

    # === HOLDS === #

    def _drop_expired_holds(self):
        """Make room where a hold has run out but is not tidied away yet."""
        starts = [start for one in self.criterias for start in one.wanted]
        self.appointments._expire_holds(
            [
                ("start", "<", max(starts) + timedelta(days=1)),
                ("stop", ">", min(starts) - timedelta(days=1)),
            ]
        )

    # === PLACES === #

    def _find_wanted(self, criteria):
        found = {}
        for slot in self.appointments._find_slots(criteria):
            found.setdefault(slot.start, slot)
        if missing := [start for start in criteria.wanted if start not in found]:
            raise NotFreeError(missing)
        return [found[start] for start in criteria.wanted]

    def _choose_places(self, slots):
        """A place for each slot, preferably one for all; locked."""
        options = [self._get_options(slot) for slot in slots]
        self.offered_resources = {
            place.room_resource_id for option in options for place in option
        }
        liked = Counter(place.room_id for option in options for place in option)
        chosen = [
            max(option, key=lambda place: liked[place.room_id]) if option else None
            for option in options
        ]
        if len(chosen) == 1 and len(options[0]) > 1:
            chosen = [self._choose_quiet_place(options[0])]
        self.chosen_resources = {
            resource
            for place in chosen
            if place
            for resource in (place.room_resource_id, place.device_resource_id)
            if resource
        }
        beside = {resource for slot in slots for resource in slot.beside}
        if self.chosen_resources | beside:
            self._lock_resources(self.chosen_resources | beside)
        return chosen

    def _get_options(self, slot):
        options = [
            place
            for place in slot.places
            if not self.taken_resources
            & {place.room_resource_id, place.device_resource_id}
        ]
        if slot.places and not options:
            raise NotFreeError([slot.start])
        return options

    def _choose_quiet_place(self, options):
        """The first room for which nobody else is booking at this very moment."""
        self.env.cr.execute(
            """
            SELECT id FROM unnest(%s::int[]) AS id
             WHERE pg_try_advisory_xact_lock(%s, id)
             LIMIT 1
            """,
            [[place.room_resource_id for place in options], LOCK_RESOURCE],
        )
        quiet = self.env.cr.fetchone()
        return next(
            (
                place
                for place in options
                if quiet and place.room_resource_id == quiet[0]
            ),
            options[0],
        )

    # === LIMITS === #

    def _reclaim_day_limits(self, takers, slots):
        """Give the places of the old days back and take those of ``slots``."""
        self.env["clinic.limit.claim"]._release(takers, "day:")
        self._claim_day_limits(takers, slots)

    def _claim_day_limits(self, takers, slots):
        """Count visits, or sessions whatever number of patients they have.

        :raises BookingLimitError: the specialist's day has enough of this kind
        """
        claims = self.env["clinic.limit.claim"]
        for taker, slot in zip(takers, slots, strict=True):
            for limit_id, maximum in slot.limits:
                key = (
                    self.env["clinic.day.limit"]
                    .browse(limit_id)
                    ._get_key(self.days[slot])
                )
                if not claims._claim(key, maximum, taker):
                    raise BookingLimitError(
                        self.env._(
                            "The specialist takes no more visits of this kind that day."
                        )
                    )


class SeatPlacing(Placing):
    """An attempt to take places in a session, which has its time and room already."""

    @property
    def session(self):
        [session_id] = self.criterias[0].session_ids
        return self.env["clinic.session"].browse(session_id)

    def create(self, vals, state):
        """Visit at the first free place of the session."""
        [slot] = self.find()
        prepared = {
            **self.appointments._prepare_appointment_vals(slot, None, vals),
            **self.session._prepare_seat_vals(),
            **self.appointments._prepare_state_vals(slot, state),
        }
        visit = self.session._take_place(
            lambda number: self.appointments._as_engine().create(
                {**prepared, "seat": number}
            )
        )
        visit._claim_occupancy()
        return visit.with_env(self.env)

    @staticmethod
    def prepare_move(visit, start, specialist_id, room_id, duration):
        """The session at that time, which has a room and a length of its own.

        :raises SlotRefusedError: there is none
        """
        sessions = visit.env["clinic.session"]
        session = sessions._find_at(visit.service_id.id, start, specialist_id)
        if not session:
            raise sessions._prepare_absence()
        return session._as_booking()

    def move(self, visit):
        """Move ``visit`` to the first free place of the session."""
        self.find()
        vals = self.session._prepare_seat_vals()
        self.session._take_place(
            lambda number: visit._as_engine().write({**vals, "seat": number})
        )
        visit._sync_occupancy()


def choose_placing(session) -> type[Placing]:
    """How a visit is placed: in ``session`` (a record, or ids), or on its own."""
    return SeatPlacing if session else Placing
