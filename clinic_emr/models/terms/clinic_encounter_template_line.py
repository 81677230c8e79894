from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicEncounterTemplateLine(models.Model):
    """A section or a field on the designer's sheet."""

    _name = "clinic.encounter.template.line"
    _description = "Field of a protocol template"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _archived_with_reason = False
    _order = "template_id, sequence, id"

    template_id = fields.Many2one(
        "clinic.encounter.template", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("section", "Section"),
            ("text", "Text"),
            ("number", "Number"),
            ("choice", "Choice"),
            ("scale", "Scale"),
            ("score", "Score"),
        ],
        required=True,
        default="text",
    )
    name = fields.Char(string="Label", required=True)
    hint = fields.Char(help="Shown in the empty field or under it.")
    required = fields.Boolean(help="The protocol is not signed without it.")
    unit = fields.Char()
    has_low = fields.Boolean(string="Lower bound")
    low = fields.Float(string="From")
    has_high = fields.Boolean(string="Upper bound")
    high = fields.Float(string="To", default=10)
    low_label = fields.Char(string="Lowest means")
    high_label = fields.Char(string="Highest means")
    option_ids = fields.One2many(
        "clinic.encounter.template.option", "line_id", string="Answers", copy=True
    )
    band_ids = fields.One2many(
        "clinic.encounter.template.band", "line_id", string="Interpretation", copy=True
    )
    observation_type_id = fields.Many2one(
        "clinic.observation.type",
        string="Follow over time as",
        ondelete="restrict",
        domain=[("kind", "=", "scale")],
        help="A complete score becomes an observation when the protocol is signed.",
    )
    summary = fields.Char(compute="_compute_summary")

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "low": (-(10**6), 10**6),
            "high": (-(10**6), 10**6),
        }

    @api.depends(
        "kind",
        "unit",
        "has_low",
        "low",
        "has_high",
        "high",
        "option_ids.name",
        "band_ids.name",
    )
    def _compute_summary(self):
        for line in self:
            line.summary = line._get_summary()

    def _get_summary(self):
        if self.kind == "choice":
            return " · ".join(option.name or "" for option in self.option_ids)
        if self.kind == "score":
            return " · ".join(band.name or "" for band in self.band_ids)
        if self.kind == "scale":
            return f"{self.low:g}–{self.high:g}"
        if self.kind == "number":
            low = f"{self.low:g}" if self.has_low else "…"
            high = f"{self.high:g}" if self.has_high else "…"
            bounds = f"{low}–{high}" if self.has_low or self.has_high else ""
            return " ".join(filter(None, (bounds, self.unit)))
        return ""

    def _get_key(self):
        """Unique among all templates; a sheet that is being edited has virtual ids."""
        return f"q{self._origin.id or self.id.ref or 0}"

    def _prepare_field(self):
        """The line as JSON, see ``tools/structured.py``."""
        vals = {
            "key": self._get_key(),
            "label": self.name or "",
            "kind": self.kind,
            "hint": self.hint or "",
            "required": self.required,
        }
        if self.kind == "number":
            vals["unit"] = self.unit or ""
            vals["low"] = self.low if self.has_low else None
            vals["high"] = self.high if self.has_high else None
        elif self.kind == "scale":
            vals |= {"low": self.low, "high": self.high}
            vals["low_label"] = self.low_label or ""
            vals["high_label"] = self.high_label or ""
        elif self.kind == "choice":
            options = self.option_ids.filtered("active").sorted("sequence")
            vals["options"] = [option._prepare_option() for option in options]
        elif self.kind == "score":
            bands = self.band_ids.filtered("active").sorted("low")
            vals["bands"] = [band._prepare_band() for band in bands]
            vals["observation"] = self.observation_type_id.code or ""
        return vals

    def _check_usable(self):
        """:raises UserError: naming the field that cannot be answered"""
        for line in self:
            if line.kind == "choice" and len(line.option_ids) < 2:
                raise UserError(
                    self.env._("“%(label)s” needs two answers.", label=line.name)
                )
            if line.kind == "scale" and not 0 < line.high - line.low <= 20:
                raise UserError(
                    self.env._(
                        "“%(label)s”: a scale has from 2 to 21 steps.", label=line.name
                    )
                )
