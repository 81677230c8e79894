from contextlib import contextmanager
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...exceptions import (
    BookingLimitError,
    SlotRefusedError,
    SlotTakenError,
    TooManyCallsError,
)
from .clinic_appointment_criteria import API_GROUP

# All that the key of another site may say. What is not here is refused: who pays,
# whose request it answers, how long a visit lasts, what somebody's other visits are.
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
    refusal tells it anything about a patient.
    """

    _inherit = "clinic.appointment"

    @api.model
    def _is_api_client(self):
        """Whether the caller is the key of another site, as superuser too."""
        return self.env.user.has_group(API_GROUP)

    @api.model
    def _check_api_keys(self, values, known):
        """:raises AccessError: a key says what is not on its list"""
        if not self._is_api_client():
            return
        if not isinstance(values, dict):
            raise UserError(self.env._("Named values are expected."))
        if beyond := values.keys() - known:
            raise AccessError(
                self.env._(
                    "Another site may not say: %(names)s.",
                    names=", ".join(sorted(map(str, beyond))),
                )
            )

    @api.model
    def _refuse_api_client(self):
        """:raises AccessError: for the key of another site"""
        if self._is_api_client():
            raise AccessError(self.env._("Another site may only search and book."))

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
            [appointments._parse_booking({**vals, "patient_id": None})]
        )

    @api.model
    def _get_neutral_refusal(self):
        return self.env._("This time cannot be booked. Choose another one.")

    @api.model
    def _check_api_vals(self, vals):
        """What is wrong with the values themselves, said before anything is looked up.

        :raises AccessError, UserError:
        """
        self._check_has_booking_role()
        self._check_api_keys(vals, BOOKING_KEYS)
        for key in BOOKING_KEYS & vals.keys():
            if key.endswith("_id"):
                self._parse_id(vals, key)
        self._parse_moment(vals, "start")
        company = self.env.company.sudo()
        self._parse_int(vals, "minutes", 1, company.clinic_api_hold_minutes)
        if vals.get("phone"):
            self._parse_phone(vals["phone"])
        if "patient" in vals:
            self._parse_named(vals)

    @api.model
    def _parse_phone(self, text):
        """E.164 form of a client's phone; raises UserError if it is no number."""
        return self.env["clinic.patient.phone"].sudo()._to_e164(str(text))

    @api.model
    def _count_for_person(self, vals, what):
        """Count a key's booking or hold for one phone; see ``clinic.site.claim``."""
        if not self._is_api_client():
            return
        # Whose phone it is stays here; the key learns that there are too many at most.
        patient = self.env["clinic.patient"].sudo().browse(vals.get("patient_id") or 0)
        phone = vals.get("phone") and self._parse_phone(vals["phone"])
        number = phone or patient.exists().phone_ids[:1].number_e164
        person = number or (f"card {patient.id}" if patient.id else None)
        if person:
            self.env["clinic.site.claim"].sudo()._count_booking(
                self.env.company.sudo(), f"{what} {person}".strip()
            )

    @api.model
    def _as_told(self, criteria):
        """``criteria`` as a refusal may speak of them: to a key, of nobody."""
        if not self._is_api_client():
            return criteria
        return replace(criteria, patient_id=None, person=None)
