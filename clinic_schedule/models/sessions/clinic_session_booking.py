from dataclasses import replace
from datetime import timedelta

import psycopg2.errors

from odoo import fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import DAY, minute_of_day, to_utc, to_wall

from ...exceptions import SeriesClashError, SlotRefusedError, SlotTakenError
from ...tools.placement import Standing
from ...tools.recurrence import get_dates
from ..engine.placing import LOCK_PATIENT, LOCK_SPECIALIST
from ..series.clinic_appointment_clash import EXCEPTIONS

SEAT_INDEX = "clinic_appointment_seat_once"
PATIENT_INDEX = "clinic_appointment_patient_once"


class ClinicSession(models.Model):
    """Planning, moving and cancelling a session: each one transaction's atomic step.

    A booking of a place holds the session's row FOR SHARE; whatever changes a session
    rewrites the row and then looks for places on a fresh cursor, so that neither can
    miss the other.
    """

    _inherit = "clinic.session"

    # === PUBLIC === #

    def cancel(self, reason_id):
        """Give the time back and cancel the visits of everybody who has a place.

        :param reason_id: id of a ``clinic.cancel.reason``
        """
        self.check_access("write")
        reason_id = Payload(self.env, {"reason_id": reason_id}).get_id("reason_id")
        reason = self.env["clinic.cancel.reason"].browse(reason_id).exists()
        if not reason:
            raise UserError(self.env._("Choose why the session is cancelled."))
        # Checked just above; no role writes occupancy.
        return self.sudo()._cancel(reason)

    # === PLANNING === #

    def _open(self, vals):
        """Sessions of ``vals``, one for each week up to ``repeat_until``.

        :raises SeriesClashError: some of the weeks cannot be had; nothing is saved
        :raises SlotTakenError, SlotRefusedError: the only start cannot be had
        """
        visits = self.env["clinic.appointment"]
        criteria, starts = self._prepare_criteria(vals)
        if vals.get("repeat_until"):
            self._check_weeks(criteria, starts)
        sessions = visits._place(
            [criteria], lambda placing: self._create_placed(placing, vals)
        )
        self.env["clinic.shift"]._time_freed()
        return sessions

    def _prepare_criteria(self, vals):
        """Criteria that want exactly the starts of ``vals``, and these starts."""
        if vals.get("service_id") not in self._get_group_service_ids():
            raise UserError(self.env._("Only services in groups have sessions."))
        asked = {
            key: vals.get(key)
            for key in (
                "service_id",
                "specialist_id",
                "branch_id",
                "room_id",
                "start",
                "telemedicine",
            )
        }
        criteria = self.env["clinic.appointment"]._get_booking_criteria(
            {**asked, "duration": vals.get("duration") or None}
        )
        starts = self._get_starts(criteria.start, vals)
        wanted = tuple(sorted(starts))
        span = {"start": wanted[0], "stop": wanted[-1] + DAY}
        return replace(criteria, wanted=wanted, group=True, **span), starts

    def _get_group_service_ids(self):
        return self.env["product.template"]._get_group_service_ids()

    def _get_starts(self, start, vals):
        """{start (naive UTC): date} at the wall time of the first, week by week.

        ``repeat_exceptions`` of ``vals`` leaves dates out or gives them another time.
        """
        last = fields.Date.to_date(vals.get("repeat_until"))
        if not last:
            return {start: start.date()}
        tz = self.env["clinic.branch"].browse(vals.get("branch_id")).tz
        if not tz:
            raise UserError(self.env._("Say in which branch the sessions are."))
        wall = to_wall(start, tz)
        days = get_dates(wall.weekday(), wall.date(), last, 1)
        starts = {to_utc(day, minute_of_day(wall), tz): day for day in days}
        exceptions = vals.get("repeat_exceptions") or {}
        Payload(self.env, exceptions, EXCEPTIONS)
        settled = self.env["clinic.appointment"]._settle_starts(
            starts or {start: wall.date()},
            exceptions.get("skip") or (),
            exceptions.get("instead") or {},
        )
        if not settled:
            raise UserError(self.env._("No session is left to plan."))
        return settled

    def _check_weeks(self, criteria, starts):
        clashes = self.env["clinic.appointment"]._find_clashes(criteria, starts)
        if clashes:
            raise SeriesClashError(
                self.env._(
                    "%(count)s of the %(total)s dates cannot be had.",
                    count=len(clashes),
                    total=len(starts),
                ),
                clashes,
            )

    def _create_placed(self, placing, vals):
        slots = placing.find()
        places = placing._choose_places(slots)
        visits = self.env["clinic.appointment"]
        sessions = self._as_engine().create(
            [
                {
                    "service_id": slot.service_id,
                    "telemedicine": bool(vals.get("telemedicine")),
                    "capacity": vals.get("capacity") or self._get_default_capacity(),
                    **visits._prepare_place_vals(slot, place),
                }
                for slot, place in zip(slots, places, strict=True)
            ]
        )
        sessions._sync_occupancy()
        placing._claim_day_limits(sessions, slots)
        return sessions.with_env(self.env)

    def _get_default_capacity(self):
        return self.default_get(["capacity"])["capacity"]

    # === PLACES === #

    def _as_booking(self):
        """What a visit in this session is asked for with; see ``BOOKING_KEYS``."""
        self.ensure_one()
        return {
            "session_id": self.id,
            "service_id": self.service_id.id,
            "specialist_id": self.specialist_id.id,
            "branch_id": self.branch_id.id,
            "room_id": self.room_id.id,
            "start": self.start,
            "duration": self.duration,
            "telemedicine": self.telemedicine,
        }

    def _prepare_seat_vals(self):
        """Values of every visit in this session."""
        return {
            "group_session_id": self.id,
            "session_id": self.id,
            "service_id": self.service_id.id,
            "specialist_id": self.specialist_id.id,
            "branch_id": self.branch_id.id,
            "room_id": self.room_id.id,
            "device_id": self.device_id.id,
            "start": self.start,
            "stop": self.stop,
            "buffer_before": self.buffer_before,
            "buffer_after": self.buffer_after,
            "telemedicine": self.telemedicine,
        }

    def _take_place(self, put):
        """Result of ``put(number)`` with the first number that nobody has.

        A number that another transaction has written cannot be written twice, whatever
        this one has read: the next is tried.

        :raises SlotTakenError: all places are taken
        """
        capacity = self._share()
        taken = set(self._get_attending().mapped("seat"))
        for number in range(1, capacity + 1):
            if number in taken:
                continue
            try:
                with self.env.cr.savepoint():
                    return put(number)
            except psycopg2.errors.UniqueViolation as error:
                if error.diag.constraint_name == PATIENT_INDEX:
                    raise UserError(
                        self.env._("The patient already has a place in this session.")
                    ) from error
                if error.diag.constraint_name != SEAT_INDEX:
                    raise
        raise SlotTakenError(
            self.env._("All places of this session are taken."),
            self.env["clinic.appointment"]._find_other_places(self),
        )

    def _share(self):
        """Places of the session, locked against being moved, cancelled or made smaller.

        :raises SlotRefusedError: the session is cancelled
        """
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT capacity FROM clinic_session"
            " WHERE id = %s AND active AND state = 'planned' FOR SHARE",
            [self.id],
        )
        found = self.env.cr.fetchone()
        if not found:
            raise SlotRefusedError(self.env._("The session is cancelled."))
        return found[0]

    def _get_attending(self):
        """Visits that take a place."""
        visits = self.env["clinic.appointment"]
        return visits.search(
            [
                ("group_session_id", "in", self.ids),
                ("state", "in", sorted(visits._get_taking_states())),
            ]
        )

    def _check_all_seen(self):
        """After rewriting the row: is there a place that the snapshot does not show?

        :raises ConcurrencyError: there is; Odoo runs the request again
        """
        self.flush_recordset()
        seen = self._get_attending()
        with self.env["clinic.appointment"]._get_fresh_view() as fresh:
            sessions = self.with_env(fresh.env)
            if set(sessions._get_attending().ids) - set(seen.ids):
                raise ConcurrencyError(self.env._("A place has just been taken."))
        return seen

    def _renumber_places(self):
        """Bring all taken places under the capacity.

        :raises ValidationError: there are more of them
        """
        for session in self:
            visits = session._check_all_seen()
            if len(visits) > session.capacity:
                raise ValidationError(
                    self.env._("%(count)s places are taken already.", count=len(visits))
                )
            free = set(range(1, session.capacity + 1)) - set(visits.mapped("seat"))
            beyond = visits.filtered(lambda visit, s=session: visit.seat > s.capacity)
            for visit, number in zip(beyond, sorted(free), strict=False):
                visit._as_engine().seat = number

    # === CANCELLING === #

    def _cancel(self, reason):
        planned = self.filtered(lambda session: session.state == "planned")
        planned._as_engine().write(
            {"state": "cancelled", "cancel_reason_id": reason.id}
        )
        planned._check_all_seen()._cancel(reason)
        self.env["clinic.limit.claim"]._release(planned)
        planned._sync_occupancy()
        self.env["clinic.shift"]._time_freed()
        return True

    # === MOVING === #

    def _move(self, vals):
        """Move the session and everybody in it, in one step.

        :param vals: some of ``start``, ``stop``, ``specialist_id``, ``room_id``
        :raises SlotTakenError: the time is taken; nothing has moved
        """
        self.ensure_one()
        visits = self.env["clinic.appointment"]
        asked = {**self._as_booking(), "room_id": None}
        asked |= {key: vals[key] for key in vals.keys() - {"stop"}}
        criteria = visits._get_booking_criteria(asked)
        if vals.get("stop"):
            length = fields.Datetime.to_datetime(vals["stop"]) - criteria.start
            criteria = replace(criteria, duration=length // timedelta(minutes=1))
        before = Standing(self.start, self.specialist_id.id)
        moved = visits._place([criteria], self._move_placed)
        for visit in moved:
            visit._after_move(before)
        self.env["clinic.shift"]._time_freed()

    def _move_placed(self, placing):
        visits = self._get_attending()
        visits._check_movable()
        placing._lock(
            [
                (LOCK_SPECIALIST, self.specialist_id.id),
                *(
                    (LOCK_SPECIALIST, one)
                    for one in placing.criterias[0].specialist_ids
                ),
                *((LOCK_PATIENT, patient.id) for patient in visits.patient_id),
            ]
        )
        [slot] = placing.find()
        [place] = placing._choose_places([slot])
        self._as_engine().write(
            self.env["clinic.appointment"]._prepare_place_vals(slot, place)
        )
        visits = self._check_all_seen()
        self._check_patients_free(visits)
        self._sync_occupancy()
        placing._reclaim_day_limits(self, [slot])
        visits._as_engine().write(self._prepare_seat_vals())
        visits._sync_occupancy()
        return visits

    def _check_patients_free(self, visits):
        """:raises UserError: says how many have another visit then, not who"""
        busy = self.env["clinic.occupancy"].search(
            [
                ("patient_id", "in", visits.patient_id.ids),
                ("session_id", "!=", self.id),
                ("start", "<", self.stop),
                ("stop", ">", self.start),
            ]
        )
        if busy:
            raise UserError(
                self.env._(
                    "%(count)s patients of the session have another visit then.",
                    count=len(busy.patient_id),
                )
            )
