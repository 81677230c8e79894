from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload

from ...exceptions import NotFreeError
from ...tools.trips import MAX_SERVICES

# What holds for all visits of a trip alike.
SHARED_KEYS = {"patient_id", "payer_id", "payment_source_id", "telemedicine"}
TRIP_KEYS = SHARED_KEYS | {"legs", "hold_ids", "minutes", "phone"}
LEG_KEYS = {"service_id", "specialist_id", "start", "room_id", "branch_id"}


class ClinicAppointment(models.Model):
    """Booking several services in one trip."""

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
        Payload(self.env, vals, TRIP_KEYS)
        legs = vals.get("hold_ids") or vals.get("legs")
        if not isinstance(legs, list) or not 0 < len(legs) <= MAX_SERVICES:
            raise self._prepare_length_error()
        patient = {"patient_id": vals.get("patient_id")}
        for leg in legs:
            asked = {"hold_id": leg} if vals.get("hold_ids") else leg
            if asked is leg:
                Payload(self.env, leg, LEG_KEYS)
            # Each counts as a booking of its own where those are counted.
            self._check_may_book({**asked, **patient})

    @api.model
    def _book_trip(self, vals):
        """Visits for ``vals``; see :meth:`book_trip`."""
        if not vals.get("patient_id"):
            raise UserError(self.env._("Say for whom the visit is."))
        if vals.get("hold_ids"):
            hold_ids = dict.fromkeys(Payload(self.env, vals).get_ids("hold_ids"))
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
        shared = {key: vals.get(key) for key in SHARED_KEYS}
        criterias = [
            self._get_booking_criteria({**leg, **shared}) for leg in vals["legs"]
        ]
        try:
            return self._create_if_free(criterias, shared, **state)
        except NotFreeError as error:
            raise self._prepare_trip_refusal(criterias) from error

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
