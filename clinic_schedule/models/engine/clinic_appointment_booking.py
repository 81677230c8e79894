from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools.public_methods import open_to

from ...exceptions import (
    BookingLimitError,
    NotFreeError,
    SlotTakenError,
    StateMoveError,
)
from .clinic_appointment import MOVABLE
from .clinic_appointment_criteria import API_GROUP

OVERBOOKING_GROUPS = (
    "clinic_base.group_registrar_chief",
    "clinic_base.group_clinic_manager",
)
DESK_GROUPS = (
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_clinic_manager",
)
MAX_OVERBOOK_REASON = 200

BOOKING_KEYS = {
    "service_id",
    "specialist_id",
    "patient_id",
    "start",
    "duration",
    "room_id",
    "branch_id",
    "telemedicine",
    "payment_source_id",
    "payer_id",
    "request_id",
    "overbook_reason",
    "hold_id",
    "phone",
    "minutes",
    "repeat",
    "session_id",
}
CRITERIA_OF_BOOKING = BOOKING_KEYS & {
    "service_id",
    "patient_id",
    "duration",
    "repeat",
    "telemedicine",
    "payment_source_id",
}


class ClinicAppointment(models.Model):
    """Booking, holding, moving and swapping: each one transaction's atomic step.

    The advisory locks are a queue in front, always taken in the same order (patients
    and specialists, then rooms and devices); what refuses a second visit is the
    exclusion constraint of ``clinic.occupancy``.
    """

    _inherit = "clinic.appointment"

    # === PUBLIC === #

    @open_to(API_GROUP)
    @api.model
    def book(self, vals):
        """Book a visit.

        :param dict vals: ``service_id``, ``specialist_id``, ``patient_id``, ``start``
            (UTC, 'YYYY-MM-DD HH:MM:SS'); optionally ``room_id`` and ``branch_id`` (else
            the best free room), ``duration`` (minutes), ``telemedicine``,
            ``payment_source_id``, ``payer_id``, ``request_id``, ``hold_id`` (turn this
            hold into the visit), ``overbook_reason`` (by role); or ``session_id`` and
            ``patient_id`` for a place in a group session; another site's key may name
            a ``patient`` instead (:meth:`_parse_named`)
        :return: id of the visit
        :raises SlotTakenError: taken; ``context['slots']`` has the next best
        :raises SlotRefusedError: the time breaks a rule; says which
        """
        with self._answering(vals):
            vals = self._with_named_patient(vals)
            self._check_may_book(vals)
            self._count_for_person(vals, "")
            # Checked just above; the engine writes rows that no role writes by hand.
            return self.sudo()._book(vals).id

    @open_to(API_GROUP)
    @api.model
    def hold(self, vals):
        """Keep a time while the patient decides or pays.

        :param dict vals: as for :meth:`book`; ``patient_id`` may be missing, ``phone``
            and ``minutes`` (how long, 10 by default) may be given
        :return: id of the hold
        :raises BookingLimitError: too many holds for this phone or patient
        """
        with self._answering(vals):
            vals = self._with_named_patient(vals)
            self._check_may_book(vals)
            self._count_for_person(vals, "hold")
            # Checked just above; the engine writes rows that no role writes by hand.
            return self.sudo()._hold(vals).id

    def reschedule(self, start, specialist_id=None, room_id=None, duration=None):
        """Move the visit in one step; it is never without its time in between.

        :param start: UTC, 'YYYY-MM-DD HH:MM:SS'
        :param duration: minutes; as long as before if None
        :raises SlotTakenError: the time is taken; the visit stays where it was
        """
        self.check_access("write")
        self._check_may_change()
        self.ensure_one()
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._reschedule(start, specialist_id, room_id, duration)

    def swap(self, other_id):
        """Exchange the starts of two visits.

        :param other_id: id of the other visit
        :raises SlotRefusedError: if one of them does not fit in the other's place
        """
        self.check_access("write")
        self._check_may_change()
        self.ensure_one()
        other = self.browse(self._parse_id({"other_id": other_id}, "other_id"))
        other.check_access("write")
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._swap(other.sudo())

    # === CHECKS === #

    @api.model
    def _check_may_book(self, vals):
        self._check_may_search("book")
        self._check_may_change()
        self._check_keys(vals, BOOKING_KEYS | self._get_more_criteria().keys())
        allowed = self.env.su or any(map(self.env.user.has_group, OVERBOOKING_GROUPS))
        if vals.get("overbook_reason") and not allowed:
            raise AccessError(self.env._("Only a chief registrar can overbook."))
        if request_id := self._parse_id(vals, "request_id"):
            # A request of another company is nothing that this user closes.
            self.env["clinic.booking.request"].browse(request_id).check_access("write")
        if patient_id := self._parse_id(vals, "patient_id"):
            self._check_payer(patient_id)

    @api.model
    def _check_payer(self, _patient_id):
        """Hook: may the patient book without paying first?

        :raises UserError: says what has to be paid, and nothing medical
        """

    @api.model
    def _check_may_change(self):
        """
        :raises AccessError: for specialists whose clinic leaves booking to the desk
        """
        user = self.env.user
        if self.env.su or not user.has_group("clinic_base.group_medical"):
            return
        # A setting of one's own company; another role books whatever it says.
        books = user.sudo().company_id.clinic_specialist_books
        if not books and not any(map(user.has_group, DESK_GROUPS)):
            raise AccessError(self.env._("In your clinic only the desk books visits."))

    @api.model
    def _parse_booking(self, vals, ignored_ids=()):
        """Checked criteria that ask for exactly the start of ``vals``."""
        start = self._parse_moment(vals, "start")
        specialist_id = self._parse_id(vals, "specialist_id")
        if not start or not specialist_id:
            raise UserError(self.env._("Say with whom and when the visit should be."))
        room_id = self._parse_id(vals, "room_id")
        branch_id = self._parse_id(vals, "branch_id")
        return self._parse_criteria(
            {
                key: vals.get(key)
                for key in CRITERIA_OF_BOOKING | self._get_more_criteria().keys()
            },
            specialist_ids=(specialist_id,),
            room_ids=(room_id,) if room_id else (),
            branch_ids=(branch_id,) if branch_id else (),
            start=start,
            stop=start + timedelta(days=1),
            wanted=(start,),
            limit=None,
            overbook=bool(self._parse_overbook_reason(vals)),
            ignored_appointment_ids=tuple(ignored_ids),
        )

    @api.model
    def _parse_overbook_reason(self, vals):
        return (vals.get("overbook_reason") or "").strip()[:MAX_OVERBOOK_REASON]

    # === BOOKING === #

    @api.model
    def _book(self, vals):
        """Visit for ``vals``; see :meth:`book`."""
        if vals.get("hold_id"):
            return self._book_hold(vals)
        if not vals.get("patient_id"):
            raise UserError(self.env._("Say for whom the visit is."))
        visit = self._create_placed(self._parse_booking(vals), vals, state="booked")
        visit.request_id._link_appointment(visit)
        visit._notify_patient("booked")
        return visit

    @api.model
    def _hold(self, vals):
        """Hold for ``vals``; see :meth:`hold`."""
        hold = self._create_placed(
            self._parse_booking(vals), vals, **self._prepare_hold_vals(vals)
        )
        hold._claim_hold_limits()
        return hold

    @api.model
    def _prepare_hold_vals(self, vals):
        """What makes a hold of a visit asked for by ``vals``."""
        prepared = {"state": "hold", "hold_phone": self._get_hold_phone(vals)}
        if minutes := self._parse_int(vals, "minutes", 1, 24 * 60):
            prepared["expires_at"] = self._get_hold_end(minutes)
        return prepared

    @api.model
    def _get_hold_end(self, minutes):
        return self.env.cr.now().replace(microsecond=0) + timedelta(minutes=minutes)

    @api.model
    def _prepare_state_vals(self, slot, state):
        """``state`` at ``slot``: a hold lasts as long as its branch says."""
        if state["state"] != "hold" or "expires_at" in state:
            return state
        branch = self.env["clinic.branch"].browse(slot.branch_id)
        minutes = self.env["clinic.schedule.settings"]._get(branch).hold_minutes
        return {**state, "expires_at": self._get_hold_end(minutes)}

    @api.model
    def _get_hold_phone(self, vals):
        """The phone as it is counted: one number, however it was written."""
        phone = str(vals.get("phone") or "").strip()
        return (phone and self.env["clinic.patient.phone"]._format_e164(phone)) or phone

    @api.model
    def _create_placed(self, criteria, vals, **state):
        """Visits at the wanted starts, each in the best room that is free.

        :raises SlotTakenError, SlotRefusedError: with the next best starts
        """
        try:
            return self._create_if_free(criteria, vals, **state)
        except NotFreeError as error:
            raise self._prepare_refusal([criteria]) from error

    @api.model
    def _create_if_free(self, criteria, vals, **state):
        """As :meth:`_create_placed`, for callers that look for other times themselves.

        :raises NotFreeError: nothing is booked
        """
        visits = self._try_to_place(
            [criteria], lambda placing: placing.create(vals, state)
        )
        if criteria.overbook:
            visits._log_event("overbooked", reason=visits[:1].overbook_reason)
        visits._after_state_change(None, state["state"])
        return visits

    @api.model
    def _prepare_appointment_vals(self, slot, place, vals):
        """Hook: values of the visit at ``slot`` in ``place``, asked for by ``vals``."""
        reason = self._parse_overbook_reason(vals)
        return {
            "patient_id": self._get_kept_id(vals.get("patient_id")),
            "service_id": slot.service_id,
            "is_first": not slot.known,
            "telemedicine": bool(vals.get("telemedicine")),
            "request_id": vals.get("request_id"),
            "payer_id": vals.get("payer_id"),
            "payment_source_id": vals.get("payment_source_id"),
            "overbook_reason": reason or False,
            "overbook_user_id": self.env.uid if reason else False,
            "placed_by_id": self.env.uid,
            **self._prepare_place_vals(slot, place),
        }

    @api.model
    def _get_kept_id(self, patient_id):
        """The card that ``patient_id`` was merged into, or itself."""
        return self.env["clinic.patient"].browse(patient_id)._get_kept().id

    @api.model
    def _prepare_place_vals(self, slot, place):
        """Where and when: what booking and moving write alike."""
        return {
            "specialist_id": slot.specialist_id,
            "branch_id": slot.branch_id,
            "room_id": place.room_id if place else False,
            "device_id": place.device_id if place else False,
            "start": slot.start,
            "stop": slot.stop,
            "buffer_before": slot.buffer_before,
            "buffer_after": slot.buffer_after,
        }

    @api.model
    def _book_hold(self, vals):
        """Turn a hold into a visit without giving its time up in between."""
        return self.browse(self._parse_id(vals, "hold_id"))._book_held(vals)

    def _book_held(self, vals):
        """Turn the holds ``self`` into visits of one patient, all of them or none."""
        if self.exists() != self or set(self.mapped("state")) != {"hold"}:
            raise SlotTakenError(
                self.env._("The hold has run out. Choose a time again.")
            )
        for hold in self:
            hold._check_may_book_hold()
        patient_id = self._parse_id(vals, "patient_id") or self[:1].patient_id.id
        patient_id = self._get_kept_id(patient_id)
        if not patient_id:
            raise UserError(self.env._("Say for whom the visit is."))
        if self.patient_id.ids not in ([], [patient_id]):
            raise AccessError(self.env._("The time is held for somebody else."))
        self._place(
            [hold._as_criteria(patient_id=patient_id) for hold in self],
            lambda placing: placing.book_holds(self, patient_id, vals),
            ignoring=self,
        )
        self.env["clinic.limit.claim"]._release(self, "hold:")
        for hold in self:
            hold.request_id._link_appointment(hold)
        self._notify_patient("booked")
        return self

    def _check_may_book_hold(self):
        """
        :raises AccessError: for a hold that somebody else made, but for the desk and
            the patient for whom it was made
        """
        user = self.env.user
        if self.create_uid == user or any(map(user.has_group, DESK_GROUPS)):
            return
        if not self.patient_id or self._is_api_client():
            raise AccessError(self.env._("Somebody else holds this time."))

    def _claim_hold_limits(self):
        """:raises BookingLimitError: too many holds for one phone or patient"""
        settings = self.env["clinic.schedule.settings"]._get(self.branch_id)
        claims = []
        if self.hold_phone:
            claims.append((f"hold:phone:{self.hold_phone}", settings.holds_per_phone))
        if self.patient_id:
            claims.append(
                (f"hold:patient:{self.patient_id.id}", settings.holds_per_patient)
            )
        if self._is_api_client():
            claims.append(
                (f"hold:key:{self.env.uid}", self.env.company.clinic_api_holds)
            )
        for key, maximum in claims:
            if not self.env["clinic.limit.claim"]._claim(key, maximum, self):
                raise BookingLimitError(
                    self.env._(
                        "There are %(count)s holds already. Decide about one of them"
                        " before holding another time.",
                        count=maximum,
                    )
                )

    # === MOVING === #

    def _as_criteria(self, **changes):
        """Criteria for the visit where it stands, or ``changes``; its time is free."""
        self.ensure_one()
        asked = {
            "service_id": self.service_id.id,
            "specialist_id": self.specialist_id.id,
            "patient_id": self.patient_id.id,
            "start": self.start,
            "duration": int((self.stop - self.start).total_seconds() // 60),
            "room_id": self.room_id.id,
            "branch_id": self.branch_id.id,
            "telemedicine": self.telemedicine,
            "payment_source_id": self.payment_source_id.id,
            "overbook_reason": self.overbook_reason,
            **changes,
        }
        return self._parse_booking(asked, ignored_ids=self.ids)

    def _reschedule(self, start, specialist_id=None, room_id=None, duration=None):
        """See :meth:`reschedule`."""
        self._check_movable()
        length = {"duration": duration} if duration else {}
        criteria = self._as_criteria(
            start=start,
            specialist_id=specialist_id or self.specialist_id.id,
            room_id=room_id,
            branch_id=None,
            overbook_reason=None,
            **length,
        )
        old = self.start
        self._place([criteria], lambda placing: placing.move(self))
        self._after_move(old)
        return True

    def _swap(self, other):
        """See :meth:`swap`."""
        both = self | other
        both._check_movable()
        olds = {visit: visit.start for visit in both}
        criteria = self._as_criteria(start=other.start, room_id=None, branch_id=None)
        back = other._as_criteria(start=self.start, room_id=None, branch_id=None)
        self._place(
            [criteria, back], lambda placing: placing.move(self, other), ignoring=both
        )
        for visit, old in olds.items():
            visit._after_move(old)
        return True

    def _check_movable(self):
        if self.filtered(lambda visit: visit.state not in MOVABLE):
            raise StateMoveError(
                self.env._("Only a visit that has not begun can be moved.")
            )

    def _after_move(self, old_start):
        """Hook: the visit has moved from ``old_start`` (UTC)."""
        self._log_event("moved", old=old_start, new=self.start)
        if self.state != "hold" and self.start != old_start:
            self.move_count += 1
            self._notify_patient("moved")
        self.env["clinic.shift"]._time_freed()

    def _log_event(self, event, old=None, new=None, reason=None):
        self.env["clinic.appointment.log"].create(
            [
                {
                    "appointment_id": visit.id,
                    "event": event,
                    "old": old,
                    "new": new,
                    "reason": reason,
                }
                for visit in self
            ]
        )
