from odoo import api, fields, models


class ClinicEncounterTemplateOption(models.Model):
    _name = "clinic.encounter.template.option"
    _description = "Answer of a protocol template"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _archived_with_reason = False
    _order = "line_id, sequence, id"

    line_id = fields.Many2one(
        "clinic.encounter.template.line", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Answer", required=True)
    points = fields.Float(help="What the answer adds to the score of its section.")

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "points": (-(10**6), 10**6),
        }

    def _prepare_option(self):
        """The answer as JSON, see ``tools/structured.py``."""
        key = f"o{self._origin.id or self.id.ref or 0}"
        return {"key": key, "label": self.name or "", "points": self.points}
