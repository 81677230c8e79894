from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools.payload import Payload

from ...exceptions import (
    BookingLimitError,
    SlotRefusedError,
    SlotTakenError,
    TooManyCallsError,
)

# All that the key of another site may say, with ``_get_public_criteria``. What is not
# here is refused: who pays, whose request it answers, how long a visit lasts, what
# somebody's other visits are.
SEARCH_KEYS = {
    "service_id",
    "services",
    "specialist_ids",
    "room_ids",
    "department_ids",
    "branch_ids",
    "date_from",
    "date_to",
    "repeat",
    "telemedicine",
    "payment_source_id",
    "weekdays",
    "hour_from",
    "hour_to",
    "limit",
    "order",
    "step",
    "max_wait",
    "weeks",
    "interval_weeks",
}
BOOKING_KEYS = {
    "service_id",
    "specialist_id",
    "patient",
    "patient_id",
    "start",
    "room_id",
    "branch_id",
    "telemedicine",
    "payment_source_id",
    "repeat",
    "hold_id",
    "session_id",
    "phone",
    "minutes",
}

# To a key, :meth:`_prepare_refusal` says nothing of anybody.
NEUTRAL = (SlotTakenError, SlotRefusedError)


class ClinicAppointment(models.Model):
    """The rights of another site's key: a short list of its own.

    It finds times, holds and books in the branches of its user, so many times, and no
    refusal tells it anything about a patient. It books for people whom it names, and
    for cards that are its partner's; ids of others lead nowhere, as if there were no
    such card.
    """

    _inherit = "clinic.appointment"

    @api.model
    @contextmanager
    def _answering(self, vals):
        """Around a booking: a key hears that it failed, never why."""
        if not self._is_api_client():
            yield
            return
        self._check_api_vals(vals)
        try:
            yield
        except (*NEUTRAL, AccessError, TooManyCallsError, BookingLimitError):
            raise
        except UserError as error:
            # A debt, a patient who is not known: as if somebody else had the time.
            raise self._prepare_neutral_refusal(vals) from error

    @api.model
    def _prepare_neutral_refusal(self, vals):
        if not vals.get("start") or not vals.get("specialist_id"):
            return SlotTakenError(self._get_neutral_refusal())
        # The values are checked already; the answer names times, never patients.
        appointments = self.sudo()
        return appointments._prepare_refusal(
            [appointments._get_booking_criteria({**vals, "patient_id": None})]
        )

    @api.model
    def _check_api_vals(self, vals):
        """What is wrong with the values themselves, said before anything is looked up.

        :raises AccessError, UserError:
        """
        self._check_has_booking_role()
        self._check_api_keys(vals, BOOKING_KEYS | self._get_public_criteria())
        payload = Payload(self.env, vals)
        for key in BOOKING_KEYS & vals.keys():
            if key.endswith("_id"):
                payload.get_id(key)
        payload.get_moment("start")
        company = self.env.company.sudo()
        payload.get_int("minutes", 1, company.clinic_api_hold_minutes)
        if vals.get("phone"):
            self._to_e164(vals["phone"])
        if "patient" in vals:
            self._get_named(payload)

    @api.model
    def _to_e164(self, text):
        """E.164 form of a client's phone; raises UserError if it is no number."""
        return self.env["clinic.patient.phone"].sudo()._to_e164(str(text))

    @api.model
    def _count_for_person(self, vals, what):
        """Count a key's booking or hold for one phone; see ``clinic.site.claim``."""
        if not self._is_api_client():
            return
        # Whose phone it is stays here; the key learns that there are too many at most.
        patient = self.env["clinic.patient"].sudo().browse(vals.get("patient_id") or 0)
        phone = vals.get("phone") and self._to_e164(vals["phone"])
        number = phone or patient.exists().phone_ids[:1].number_e164
        person = number or (f"card {patient.id}" if patient.id else None)
        if person:
            self.env["clinic.site.claim"].sudo()._count_booking(
                self.env.company.sudo(), f"{what} {person}".strip()
            )

    # === FOR WHOM === #

    @api.model
    def _with_named_patient(self, vals):
        """``vals`` with the card of the person whom a key names.

        A key says ``patient``: {name, phone, birthdate, and perhaps sex}.

        :raises UserError: the card is none of the key's
        """
        if not self._is_api_client():
            return vals
        # A key reads no cards; which are its own is asked here.
        patients = self.env["clinic.patient"].sudo()
        payload = Payload(self.env, vals)
        if "patient" in vals:
            rest = {key: value for key, value in vals.items() if key != "patient"}
            patient = patients._find_or_create_named(self._get_named(payload))
            return {**rest, "patient_id": patient.id}
        patient_id = payload.get_id("patient_id")
        if patient_id and not patients._is_of_key(patient_id):
            raise UserError(self._get_neutral_refusal())
        return vals

    @api.model
    def _get_named(self, payload):
        """Whom ``payload`` names, as ``_find_or_create_named`` takes it.

        :raises UserError: nobody, or two
        """
        today = self.env.company._get_clinic_today()
        named = payload.get_named("patient", today, self._to_e164)
        if payload.values.get("patient_id"):
            raise payload.get_unnamed_error()
        return {**named, "lang": self.env.user.lang}
