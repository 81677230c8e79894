from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicPatientPhone(models.Model):
    _name = "clinic.patient.phone"
    _description = "Patient phone"
    _inherit = ["clinic.archive.mixin"]
    _order = "primary desc, id"
    _rec_name = "number_e164"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    number_e164 = fields.Char(string="Number", required=True, index=True)
    owner = fields.Selection(
        [("own", "Own"), ("relative", "A relative's")], required=True, default="own"
    )
    related_id = fields.Many2one(
        "clinic.patient", string="Relative", ondelete="restrict", index=True
    )
    note = fields.Char(string="Whose", help="For instance: mother.")
    primary = fields.Boolean()
    verified_on = fields.Datetime(readonly=True, copy=False)

    _number_once = models.UniqueIndex(
        "(patient_id, number_e164) WHERE active", "The patient already has this number."
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_number_vals(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._prepare_number_vals(vals))

    @api.model
    def _prepare_number_vals(self, vals):
        """``number_e164`` in E.164 form; raises ValidationError if it is no number."""
        if "number_e164" not in vals:
            return vals
        return {**vals, "number_e164": self._to_e164(vals["number_e164"])}

    @api.model
    def _to_e164(self, number):
        """Number as dialled in the company's country, in E.164 (ITU-T), e.g. +7912…"""
        country = self.env.company.country_id or self.env.ref("base.ru")
        e164 = self.env["res.partner"]._phone_format(number=number, country=country)
        if not e164:
            raise ValidationError(
                self.env._("“%(number)s” is not a telephone number.", number=number)
            )
        return e164
