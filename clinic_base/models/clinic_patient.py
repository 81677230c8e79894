from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.person_name import join_name, split_name

NAME_PARTS = ("last_name", "first_name", "middle_name")


class ClinicPatient(models.Model):
    """The non-medical card of a patient.

    It holds no medical data and has no chatter of its own; the fact of being a
    patient is a secret too: a rule hides the partner from users without a clinic role.
    """

    _name = "clinic.patient"
    _description = "Patient"
    _inherit = ["clinic.archive.mixin"]
    _inherits = {"res.partner": "partner_id"}
    _order = "id desc"
    _rec_names_search = ["name", "card_number", "phone_sanitized"]

    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    active = fields.Boolean(default=True)
    card_number = fields.Char(
        required=True, readonly=True, copy=False, default="/", index=True
    )
    last_name = fields.Char(string="Family name")
    first_name = fields.Char()
    middle_name = fields.Char(string="Patronymic")
    birthdate = fields.Date(string="Date of birth", index=True)
    sex = fields.Selection([("male", "Male"), ("female", "Female")])
    age = fields.Integer(compute="_compute_age", help="Full years today.")
    category_id = fields.Many2one(
        "clinic.patient.category", string="Category", ondelete="restrict", index=True
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Payer",
        ondelete="restrict",
        index=True,
        help="Who pays by default, for instance a parent. Empty: the patient.",
    )
    payment_source_id = fields.Many2one("clinic.payment.source", ondelete="restrict")
    snils = fields.Char(string="SNILS", index=True, copy=False)
    oms_policy = fields.Char(string="OMS policy", index=True, copy=False)
    dms_policy = fields.Char(string="DMS policy", index=True, copy=False)
    document_type = fields.Selection(
        [
            ("passport", "Passport"),
            ("birth_certificate", "Birth certificate"),
            ("foreign_passport", "Foreign passport"),
            ("other", "Other document"),
        ],
    )
    document_number = fields.Char(copy=False)
    preferred_channel = fields.Selection(
        [("sms", "SMS"), ("email", "E-mail"), ("none", "No messages")],
        required=True,
        default="sms",
    )
    phone_ids = fields.One2many("clinic.patient.phone", "patient_id", string="Phones")
    relation_ids = fields.One2many(
        "clinic.patient.relation", "patient_id", string="Family"
    )
    consent_ids = fields.One2many("clinic.consent", "patient_id", string="Consents")
    merged_into_id = fields.Many2one(
        "clinic.patient", readonly=True, copy=False, ondelete="restrict", index=True
    )

    _card_number_uniq = models.UniqueIndex(
        "(card_number) WHERE card_number <> '/'", "This card number is taken."
    )
    _partner_uniq = models.UniqueIndex(
        "(partner_id)", "This contact already has a patient card."
    )
    _birthdate_possible = models.Constraint(
        "CHECK (birthdate IS NULL OR birthdate >= DATE '1880-01-01')",
        "The date of birth cannot lie before 1880.",
    )

    @api.depends("birthdate")
    @api.depends_context("tz")
    def _compute_age(self):
        today = fields.Date.context_today(self)
        for patient in self:
            patient.age = (
                relativedelta(today, patient.birthdate).years if patient.birthdate else 0
            )

    @api.depends("name", "birthdate")
    def _compute_display_name(self):
        for patient in self:
            born = patient.birthdate and patient.birthdate.strftime("%d.%m.%Y")
            patient.display_name = f"{patient.name}, {born}" if born else patient.name

    @api.constrains("birthdate")
    def _check_birthdate(self):
        today = fields.Date.context_today(self)
        for patient in self:
            if patient.birthdate and patient.birthdate > today:
                raise ValidationError(
                    self.env._("The date of birth cannot lie in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"]
        prepared = []
        for vals in vals_list:
            vals = self._prepare_name_vals(vals)
            if vals.get("card_number", "/") == "/":
                # Roles that register patients may not read sequences.
                vals["card_number"] = sequence.sudo().next_by_code("clinic.patient")
            prepared.append(vals)
        patients = super().create(prepared)
        # Written apart: the flag hides the partner, which its creator may just see.
        patients.sudo().partner_id.write({"is_clinic_patient": True})
        return patients

    def write(self, vals):
        if not any(part in vals for part in NAME_PARTS):
            return super().write(self._prepare_name_vals(vals))
        for patient in self:
            super(ClinicPatient, patient).write(self._prepare_name_vals(vals, patient))
        return True

    @api.model
    def _prepare_name_vals(self, vals, patient=None):
        """Keep the one-line name and its parts in step, whichever was given."""
        if any(part in vals for part in NAME_PARTS):
            parts = (vals.get(part, patient and patient[part]) for part in NAME_PARTS)
            return {**vals, "name": join_name(*parts) or vals.get("name")}
        if vals.get("name"):
            return {**vals, **split_name(vals["name"])._asdict()}
        return dict(vals)
