from odoo import api, fields, models
from odoo.exceptions import AccessError


class ClinicEncounterTemplateVersion(models.Model):
    """A published state of a template; never changed, so that protocols keep theirs."""

    _name = "clinic.encounter.template.version"
    _description = "Version of a protocol template"
    _inherit = ["clinic.archive.mixin"]
    _order = "template_id, number desc"

    template_id = fields.Many2one(
        "clinic.encounter.template", required=True, index=True, ondelete="restrict"
    )
    number = fields.Integer(required=True)
    definition = fields.Json(required=True)

    _number_once = models.Constraint(
        "UNIQUE (template_id, number)",
        "Somebody else has just published this template. Open it again.",
    )

    @api.depends("template_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(template)s, version %(number)s",
                template=version.template_id.name,
                number=version.number,
            )

    def write(self, vals):
        raise AccessError(self.env._("A published version stays as it is."))
