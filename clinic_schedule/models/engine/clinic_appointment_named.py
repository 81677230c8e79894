from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.visitor import clean_name, parse_birthdate

NAMED_KEYS = {"name", "phone", "birthdate", "sex"}


class ClinicAppointment(models.Model):
    """For whom another site's key books: people whom it names, and cards that are its
    partner's. Ids of others lead nowhere, as if there were no such card."""

    _inherit = "clinic.appointment"

    @api.model
    def _with_named_patient(self, vals):
        """``vals`` with the card of the person whom a key names.

        :raises UserError: the card is none of the key's
        """
        if not self._is_api_client():
            return vals
        # A key reads no cards; which are its own is asked here.
        patients = self.env["clinic.patient"].sudo()
        if "patient" in vals:
            rest = {key: value for key, value in vals.items() if key != "patient"}
            patient = patients._find_or_create_named(self._parse_named(vals))
            return {**rest, "patient_id": patient.id}
        patient_id = self._parse_id(vals, "patient_id")
        if patient_id and not patients._is_of_key(patient_id):
            raise UserError(self._get_neutral_refusal())
        return vals

    @api.model
    def _with_kept_patient(self, vals):
        """``vals`` for the card that the one they name was merged into."""
        patient_id = self._parse_id(vals, "patient_id")
        if not patient_id:
            return vals
        # Sudo: only asked which card it has become.
        named = self.env["clinic.patient"].sudo().browse(patient_id).exists()
        return {**vals, "patient_id": named._get_kept().id or patient_id}

    @api.model
    def _parse_named(self, vals):
        """What ``vals["patient"]`` says of a person.

        :raises UserError: it does not name anybody, or ``vals`` names two
        """
        named = vals["patient"]
        if not isinstance(named, dict) or named.keys() - NAMED_KEYS:
            self._refuse_named()
        today = self.env.company._get_clinic_today()
        found = {
            "name": clean_name(str(named.get("name") or "")),
            "birthdate": parse_birthdate(str(named.get("birthdate") or ""), today),
            "phone": self._parse_phone(named.get("phone") or " "),
        }
        sex = named.get("sex") or False
        if not all(found.values()) or sex not in (False, "male", "female"):
            self._refuse_named()
        if vals.get("patient_id"):
            self._refuse_named()
        return {**found, "sex": sex, "lang": self.env.user.lang}

    @api.model
    def _refuse_named(self):
        raise UserError(
            self.env._("Please name the patient: name, phone and date of birth.")
        )
