from odoo import api, fields, models
from odoo.tools.misc import formatLang

from odoo.addons.clinic_base.fields import EncryptedJson

from ...tools import structured


class ClinicEncounterLeftover(models.Model):
    """Text that came too late: somebody else had written the same fields meanwhile."""

    _name = "clinic.encounter.leftover"
    _description = "Text that was not saved"
    _inherit = ["clinic.medical.mixin"]
    _order = "id desc"

    encounter_id = fields.Many2one(
        "clinic.encounter",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id", store=True, index=True
    )
    texts = EncryptedJson(readonly=True, help="Values by field name.")
    summary = fields.Text(compute="_compute_summary", string="What was not saved")

    def _get_neutral_name(self):
        return self.env._("Unsaved text %(id)s", id=self.id or "")

    @api.depends("texts")
    @api.depends_context("lang")
    def _compute_summary(self):
        for leftover in self:
            parts = []
            for name, value in (leftover.texts or {}).items():
                field = self.env["clinic.encounter"]._fields.get(name)
                label = field._description_string(self.env) if field else name
                parts.append(f"{label}:\n{leftover._render(name, value)}")
            leftover.summary = "\n\n".join(parts)

    def _render(self, name, value):
        if name == "answers":
            rendered = structured.render(
                self.encounter_id.definition, value, self._format_number
            )
            return "\n".join(
                f"{row['label']}: {row['text']}"
                for section in rendered
                for row in section["rows"]
            )
        if name == "vitals":
            names = {
                sign["code"]: sign["short_name"]
                for sign in self.encounter_id.vital_signs
            }
            return "\n".join(f"{names.get(k, k)}: {v}" for k, v in value.items() if v)
        return str(value)

    def _format_number(self, value):
        return formatLang(self.env, value, digits=0 if value == int(value) else 2)

    def action_dismiss(self):
        """The text has been copied or is not needed; the row stays in the archive."""
        return self.archive_with_reason(self.env._("Seen"))
