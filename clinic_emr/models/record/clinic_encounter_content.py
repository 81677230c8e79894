from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from odoo.addons.clinic_base.fields import EncryptedJson

from ...tools import structured
from ...tools.signing import SIGNING


class ClinicEncounter(models.Model):
    """What is written by filling in: the template's answers and the vital signs."""

    _inherit = "clinic.encounter"

    template_id = fields.Many2one(
        "clinic.encounter.template",
        ondelete="restrict",
        domain=[("version_id", "!=", False)],
    )
    template_version_id = fields.Many2one(
        "clinic.encounter.template.version",
        compute="_compute_template_version_id",
        store=True,
        ondelete="restrict",
    )
    definition = fields.Json(related="template_version_id.definition")
    answers = EncryptedJson()
    observation_ids = fields.One2many("clinic.observation", "encounter_id")
    vital_signs = fields.Json(
        compute="_compute_vital_signs",
        help="What can be measured: code, name, unit, range and limits of each.",
    )
    vitals = fields.Json(
        compute="_compute_vitals",
        inverse="_inverse_vitals",
        string="Vital signs",
        help="Values by the code of their type.",
    )

    # === TEMPLATE === #

    @api.depends("template_id")
    def _compute_template_version_id(self):
        """The newest version when the template is chosen; later ones change nothing."""
        for encounter in self:
            encounter.template_version_id = encounter.template_id.version_id

    @api.model
    def _find_template(self, appointment):
        """The first template of the specialist's specialties, if there is one."""
        return self.env["clinic.encounter.template"].search(
            [
                ("version_id", "!=", False),
                ("specialty_ids", "in", appointment.specialist_id.specialty_ids.ids),
            ],
            limit=1,
        )

    def _check_answers(self):
        """:raises UserError: naming a field whose answer does not fit"""
        for encounter in self:
            try:
                structured.check_answers(encounter.definition, encounter.answers or {})
            except structured.AnswerError as error:
                raise UserError(
                    self.env._(
                        "“%(label)s” does not take this answer. Nothing was saved;"
                        " put it right and save again.",
                        label=error,
                    )
                ) from error

    def _render_answers(self):
        """Sections with what was answered, see ``structured.render``."""
        self.ensure_one()
        return structured.render(
            self.definition, self.answers or {}, self._format_number
        )

    def _format_number(self, value):
        digits = 0 if value == int(value) else 2
        return formatLang(self.env, value, digits=digits, grouping=False)

    # === VITAL SIGNS === #

    @api.depends("patient_id")
    @api.depends_context("lang")
    def _compute_vital_signs(self):
        types = self._get_vital_types()
        for encounter in self:
            patient = encounter.patient_id
            encounter.vital_signs = [
                encounter._prepare_vital_sign(type_, patient) for type_ in types
            ]

    @api.model
    def _get_vital_types(self):
        return self.env["clinic.observation.type"].search([("kind", "=", "vital")])

    @api.model
    def _prepare_vital_sign(self, type_, patient):
        age = patient.age if patient.birthdate else None
        low, high = type_.get_range(patient.sex, age)
        return {
            "code": type_.code,
            "name": type_.name,
            "short_name": type_.short_name or type_.name,
            "unit": type_.unit or "",
            "digits": type_.digits,
            "low": low,
            "high": high,
            "is_computed": type_.is_computed,
        }

    @api.depends("observation_ids.measure", "observation_ids.status")
    def _compute_vitals(self):
        for encounter in self:
            encounter.vitals = {
                one.type_id.code: one.measure["value"]
                for one in encounter._get_vital_observations()
                if one._has_number()
            }

    def _get_vital_observations(self):
        return self.observation_ids.filtered(
            lambda one: one.type_id.kind == "vital" and one.status != "corrected"
        )

    def _inverse_vitals(self):
        types = self._get_vital_types()
        for encounter in self:
            encounter._check_unsigned()
            values = dict(encounter.vitals or {})
            values["bmi"] = encounter._compute_bmi(values)
            known = {
                one.type_id: one
                for one in encounter.observation_ids
                if one.type_id in types
            }
            for type_ in types:
                value = values.get(type_.code)
                encounter._set_vital(type_, known.get(type_), value)

    def _set_vital(self, type_, known, value):
        """Write one value into its row; an emptied one leaves the row empty."""
        if isinstance(value, bool) or not isinstance(value, int | float | None):
            raise UserError(
                self.env._("%(name)s is given in figures.", name=type_.name)
            )
        if known and (known.measure or {}).get("value") == value:
            return
        if not known and value is None:
            return
        observations = self.env["clinic.observation"]
        measure = observations._prepare_measure(type_, self.patient_id, value)
        if known:
            known.measure = measure
            return
        observations.create(
            {
                "patient_id": self.patient_id.id,
                "encounter_id": self.id,
                "type_id": type_.id,
                "date": self.date,
                "measure": measure,
                "source": "computed" if type_.is_computed else "manual",
                "status": "preliminary",
            }
        )

    def _compute_bmi(self, values):
        """Weight in kg by height in m squared; None while one of them is missing."""
        weight, height = values.get("weight"), values.get("height")
        if not weight or not height:
            return None
        return round(weight / (height / 100) ** 2, 1)

    def _finish_observations(self):
        """On signing: values become final, scores observations."""
        self.ensure_one()
        signing = self._as_signing()
        drafts = signing.observation_ids.filtered(
            lambda one: one.status == "preliminary"
        )
        drafts.write({"status": "final"})
        signing._create_score_observations()

    def _create_score_observations(self):
        scores = {
            field["observation"]: score
            for field, score in structured.iter_scores(
                self.definition, self.answers or {}
            )
            if field.get("observation") and score.is_complete
        }
        types = self.env["clinic.observation.type"].search(
            [("code", "in", list(scores))]
        )
        observations = self.env["clinic.observation"].with_context(
            clinic_signing=SIGNING
        )
        observations.create(
            [
                {
                    "patient_id": self.patient_id.id,
                    "encounter_id": self.id,
                    "type_id": type_.id,
                    "date": self.date,
                    "value": scores[type_.code].points,
                    "source": "template",
                }
                for type_ in types
            ]
        )
