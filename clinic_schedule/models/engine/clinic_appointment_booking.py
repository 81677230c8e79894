from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.public_methods import open_to
from odoo.addons.clinic_base.tools.walltime import MINUTES_PER_DAY

from ...exceptions import BookingLimitError, NotFreeError, SlotTakenError
from .clinic_appointment_rights import API_GROUP, DESK_GROUPS
from .placing import choose_placing

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
            a ``patient`` instead (:meth:`_with_named_patient`)
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
        other_id = Payload(self.env, {"other_id": other_id}).get_id("other_id")
        other = self.browse(other_id)
        other.check_access("write")
        # Checked just above; the engine writes rows that no role writes by hand.
        return self.sudo()._swap(other.sudo())

    # === CHECKS === #

    @api.model
    def _check_may_book(self, vals):
        self._check_may_search("book")
        self._check_may_change()
        payload = Payload(
            self.env, vals, BOOKING_KEYS | self._get_more_criteria().keys()
        )
        if vals.get("overbook_reason") and not self._is_chief():
            raise AccessError(self.env._("Only a chief registrar can overbook."))
        if request_id := payload.get_id("request_id"):
            # A request of another company is nothing that this user closes.
            self.env["clinic.booking.request"].browse(request_id).check_access("write")
        if patient_id := payload.get_id("patient_id"):
            self._check_payer(patient_id)

    @api.model
    def _check_payer(self, _patient_id):
        """Hook: may the patient book without paying first?

        :raises UserError: says what has to be paid, and nothing medical
        """

    # === BOOKING === #

    @api.model
    def _book(self, vals):
        """Visit for ``vals``; see :meth:`book`."""
        if vals.get("hold_id"):
            return self._book_hold(vals)
        if not vals.get("patient_id"):
            raise UserError(self.env._("Say for whom the visit is."))
        visit = self._create_placed(self._with_session(vals), state="booked")
        visit.request_id._link_appointment(visit)
        visit._notify_patient("booked")
        return visit

    @api.model
    def _hold(self, vals):
        """Hold for ``vals``; see :meth:`hold`."""
        hold = self._create_placed(
            self._with_session(vals), **self._prepare_hold_vals(vals)
        )
        hold._claim_hold_limits()
        return hold

    @api.model
    def _prepare_hold_vals(self, vals):
        """What makes a hold of a visit asked for by ``vals``."""
        prepared = {"state": "hold", "hold_phone": self._get_hold_phone(vals)}
        payload = Payload(self.env, vals)
        if minutes := payload.get_int("minutes", 1, MINUTES_PER_DAY):
            prepared["expires_at"] = self._get_hold_end(minutes)
        return prepared

    @api.model
    def _get_hold_phone(self, vals):
        """The phone as it is counted: one number, however it was written."""
        phone = str(vals.get("phone") or "").strip()
        return (phone and self.env["clinic.patient.phone"]._format_e164(phone)) or phone

    @api.model
    def _create_placed(self, vals, **state):
        """The visit that ``vals`` ask for, in the best room that is free.

        :raises SlotTakenError, SlotRefusedError: with the next best starts
        """
        criteria = self._get_booking_criteria(vals)
        try:
            return self._create_if_free([criteria], vals, **state)
        except NotFreeError as error:
            raise self._prepare_refusal([criteria]) from error

    @api.model
    def _create_if_free(self, criterias, vals, **state):
        """Visits at all wanted starts, for callers that look for others themselves.

        :param vals: what all of them have; see ``BOOKING_KEYS``
        :raises NotFreeError: nothing is booked
        """
        visits = self._try_to_place(
            criterias, lambda placing: placing.create(vals, state)
        )
        if criterias[0].overbook:
            visits._log_event("overbooked", reason=visits[:1].overbook_reason)
        visits._after_state_change(None, state["state"])
        return visits

    @api.model
    def _book_hold(self, vals):
        """Turn a hold into a visit without giving its time up in between."""
        hold_id = Payload(self.env, vals).get_id("hold_id")
        return self.browse(hold_id)._book_held(vals)

    def _book_held(self, vals):
        """Turn the holds ``self`` into visits of one patient, all of them or none."""
        if self.exists() != self or set(self.mapped("state")) != {"hold"}:
            raise SlotTakenError(
                self.env._("The hold has run out. Choose a time again.")
            )
        for hold in self:
            hold._check_may_book_hold()
        asked = Payload(self.env, vals).get_id("patient_id")
        patient_id = self._get_kept_id(asked or self[:1].patient_id.id)
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
        if not all(maximum for _key, maximum in claims):
            self._raise_no_holds()
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

    def _reschedule(self, start, specialist_id=None, room_id=None, duration=None):
        """See :meth:`reschedule`."""
        self._check_movable()
        before = self._get_standing()
        kind = choose_placing(self.group_session_id)
        asked = kind.prepare_move(self, start, specialist_id, room_id, duration)
        self._place([self._as_criteria(**asked)], lambda placing: placing.move(self))
        self._after_move(before)
        return True

    def _swap(self, other):
        """See :meth:`swap`."""
        both = self | other
        if both.group_session_id:
            raise UserError(
                self.env._("A place in a group is moved to another session instead.")
            )
        both._check_movable()
        befores = {visit: visit._get_standing() for visit in both}
        criteria = self._as_criteria(start=other.start, room_id=None, branch_id=None)
        back = other._as_criteria(start=self.start, room_id=None, branch_id=None)
        self._place(
            [criteria, back], lambda placing: placing.move(self, other), ignoring=both
        )
        for visit, before in befores.items():
            visit._after_move(before)
        return True
