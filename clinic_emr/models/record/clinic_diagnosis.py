from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicDiagnosis(models.Model):
    _name = "clinic.diagnosis"
    _description = "Diagnosis"
    _inherit = ["clinic.medical.mixin"]
    _order = "encounter_id, kind, id"
    _archived_with_reason = False

    encounter_id = fields.Many2one(
        "clinic.encounter", required=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id", store=True, index=True
    )
    date = fields.Datetime(related="encounter_id.date", store=True)
    icd10_id = fields.Many2one(
        "clinic.icd10", string="ICD-10", required=True, index=True, ondelete="restrict"
    )
    title = fields.Char(
        compute="_compute_title", help="As it was called when it was signed."
    )
    kind = fields.Selection(
        [("main", "Main"), ("accompanying", "Accompanying")],
        required=True,
        default="main",
    )
    certainty = fields.Selection(
        [("preliminary", "Preliminary"), ("final", "Final")],
        required=True,
        default="preliminary",
    )

    _main_once = models.UniqueIndex(
        "(encounter_id) WHERE kind = 'main' AND active",
        "A protocol has one main diagnosis.",
    )

    def _get_neutral_name(self):
        return self.env._("Diagnosis %(id)s", id=self.id or "")

    @api.depends("icd10_id", "encounter_id.state")
    @api.depends_context("lang")
    def _compute_title(self):
        for line in self:
            code = line.icd10_id
            signed = line.encounter_id._get_signed_title("diagnoses", code.code)
            line.title = signed or code.name

    @api.model_create_multi
    def create(self, vals_list):
        diagnoses = super().create(vals_list)
        diagnoses.encounter_id._check_unsigned()
        diagnoses._check_code_in_use()
        return diagnoses

    def write(self, vals):
        self.encounter_id._check_unsigned()
        result = super().write(vals)
        self.encounter_id._check_unsigned()  # It may have been moved to another one.
        if "icd10_id" in vals:
            self._check_code_in_use()
        return result

    def _check_code_in_use(self):
        """:raises UserError: if the classifier no longer has a code"""
        if not all(self.icd10_id.mapped("active")):
            raise UserError(
                self.env._("This ICD-10 code is no longer in use. Choose another one.")
            )
