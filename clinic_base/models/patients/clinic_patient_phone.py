from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.age import AGE_OF_SECRETS, day_of_age
from ...tools.phones import read_phone, read_phones

CLOSED_CARDS = "SELECT id FROM clinic_patient WHERE closed IS NOT NULL"


class ClinicPatientPhone(models.Model):
    _name = "clinic.patient.phone"
    _description = "Patient phone"
    _inherit = ["clinic.closed.mixin", "clinic.archive.mixin"]
    _order = "primary desc, id"
    _rec_name = "number_e164"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    number_e164 = fields.Char(string="Number", required=True)
    owner = fields.Selection(
        [("own", "Own"), ("relative", "A relative's")], required=True, default="own"
    )
    related_id = fields.Many2one(
        "clinic.patient", string="Relative", ondelete="restrict", index="btree_not_null"
    )
    note = fields.Char(string="Whose", help="For instance: mother.")
    primary = fields.Boolean()
    verified_on = fields.Datetime(readonly=True, copy=False)

    # By number first, and with the ORM's own words for active: it serves the search for
    # a caller too.
    _number_once = models.UniqueIndex(
        "(number_e164, patient_id) WHERE active IS TRUE",
        "The patient already has this number.",
    )

    _number_end = models.Index("(reverse(number_e164) text_pattern_ops) WHERE active")

    @api.model
    def _get_closed_domain(self):
        return Domain("patient_id", "in", SQL("(%s)", SQL(CLOSED_CARDS)))

    def _filter_closed(self):
        return self.filtered("patient_id.closed")

    @api.model_create_multi
    def create(self, vals_list):
        phones = super().create([self._prepare_number_vals(vals) for vals in vals_list])
        phones.patient_id._sync_partner_phone()
        return phones

    def write(self, vals):
        patients = self.patient_id
        if not self.env.su and {"number_e164", "patient_id"} & vals.keys():
            # A code was answered from that number, on that card.
            vals = {**vals, "verified_on": False}
        result = super().write(self._prepare_number_vals(vals))
        (patients | self.patient_id)._sync_partner_phone()
        return result

    @api.onchange("number_e164")
    def _onchange_number(self):
        """Show the number as it will be stored; a wrong one is told on saving."""
        if self.number_e164:
            self.number_e164 = self._format_e164(self.number_e164) or self.number_e164

    @api.model
    def _prepare_number_vals(self, vals):
        """``number_e164`` in E.164 form; raises ValidationError if it is no number."""
        if "number_e164" not in vals:
            return vals
        return {**vals, "number_e164": self._to_e164(vals["number_e164"])}

    @api.model
    def _get_patient_merge_domain(self, kept):
        """A number that the kept card has stays where it is."""
        return [("number_e164", "not in", kept.phone_ids.mapped("number_e164"))]

    @api.model
    def _to_e164(self, number):
        """Number as dialled in the company's country, in E.164 (ITU-T), e.g. +7912…

        :raises ValidationError: it is none, or several
        """
        e164 = self._format_e164(number)
        if not e164:
            self._raise_no_number(number)
        return e164

    @api.model
    def _format_e164(self, number):
        """E.164, or False: see :mod:`..tools.phones`."""
        try:
            phone = read_phone(str(number or ""), self._get_region())
        except ValueError:
            return False
        return phone.e164 if phone else False

    @api.model
    def _read_numbers(self, text):
        """All numbers of ``text``, with what is said of them.

        :raises ValidationError: something in it is no number
        """
        try:
            return read_phones(str(text), self._get_region())
        except ValueError:
            return self._raise_no_number(text)

    @api.model
    def _get_region(self):
        return self.env.company.country_id.code or "RU"

    @api.model
    def _raise_no_number(self, number):
        raise ValidationError(
            self.env._("“%(number)s” is not a telephone number.", number=number)
        )

    def _filtered_tellable(self):
        """Numbers at which visits may be told of.

        A relative's is none any more when the patient comes of age for secrets, unless
        the patient lets that relative see visits.
        """
        theirs = self.filtered(lambda phone: phone.owner == "relative")
        today = self.env.company._get_clinic_today()
        closed = theirs.filtered(lambda phone: phone._is_closed_to_relative(today))
        return self - closed

    def _is_closed_to_relative(self, today):
        patient = self.patient_id
        if not patient.birthdate:
            return False
        if today < day_of_age(patient.birthdate, AGE_OF_SECRETS):
            return False
        seen = patient.relation_ids._filtered_right("may_see", today)
        return self.related_id not in seen.related_id

    def _get_readable_number(self):
        """The number as people write it: +7 912 345-67-89."""
        return bool(self) and self.env["res.partner"]._phone_format(
            number=self.number_e164, force_format="INTERNATIONAL"
        )
