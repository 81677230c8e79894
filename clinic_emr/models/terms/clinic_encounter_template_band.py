from odoo import api, fields, models


class ClinicEncounterTemplateBand(models.Model):
    _name = "clinic.encounter.template.band"
    _description = "Interpretation of a score"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _archived_with_reason = False
    _order = "line_id, low, id"

    line_id = fields.Many2one(
        "clinic.encounter.template.line", required=True, index=True, ondelete="restrict"
    )
    low = fields.Float(string="From", required=True)
    high = fields.Float(string="To", required=True)
    name = fields.Char(string="Means", required=True)
    level = fields.Selection(
        [("normal", "Normal"), ("attention", "Attention"), ("alarm", "Alarm")],
        required=True,
        default="normal",
    )

    _ordered = models.Constraint("CHECK (low <= high)", "“From” lies above “To”.")

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "low": (-(10**6), 10**6),
            "high": (-(10**6), 10**6),
        }

    def _prepare_band(self):
        """The band as JSON, see ``tools/structured.py``."""
        return {
            "low": self.low,
            "high": self.high,
            "label": self.name or "",
            "level": self.level,
        }
