from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicEncounterTemplate(models.Model):
    """What a specialty asks and measures at every visit; designed by the chief.

    Lines are the designer's sheet. Publishing keeps them as a version, which protocols
    point to and which never changes.
    """

    _name = "clinic.encounter.template"
    _description = "Protocol template"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    specialty_ids = fields.Many2many(
        "clinic.specialty",
        string="Specialties",
        help="Whose protocols begin with it. Empty: offered to everybody.",
    )
    line_ids = fields.One2many(
        "clinic.encounter.template.line", "template_id", string="Fields", copy=True
    )
    version_ids = fields.One2many(
        "clinic.encounter.template.version",
        "template_id",
        string="Versions",
        readonly=True,
    )
    version_id = fields.Many2one(
        "clinic.encounter.template.version",
        string="Version in use",
        compute="_compute_version_id",
        store=True,
        copy=False,
        ondelete="restrict",
    )
    definition = fields.Json(compute="_compute_definition", string="Preview")
    has_changes = fields.Boolean(compute="_compute_has_changes")

    @api.depends("version_ids")
    def _compute_version_id(self):
        for template in self:
            template.version_id = template.version_ids.sorted("number")[-1:]

    @api.depends(lambda self: [f"line_ids.{name}" for name in self._get_line_fields()])
    def _compute_definition(self):
        for template in self:
            template.definition = template._prepare_definition()

    @api.model
    def _get_line_fields(self):
        plain = ("sequence", "kind", "name", "hint", "required", "unit", "active")
        bounds = ("has_low", "low", "has_high", "high", "low_label", "high_label")
        options = (f"option_ids.{n}" for n in ("sequence", "name", "points", "active"))
        bands = (f"band_ids.{n}" for n in ("low", "high", "name", "level", "active"))
        return (*plain, *bounds, *options, *bands, "observation_type_id")

    @api.depends("definition", "version_id")
    def _compute_has_changes(self):
        for template in self:
            published = template.version_id.definition
            template.has_changes = template.definition != published

    def _prepare_definition(self):
        """The lines as JSON, see ``tools/structured.py``."""
        sections = []
        lines = self.line_ids.filtered("active")
        for line in lines.sorted("sequence"):
            if line.kind == "section" or not sections:
                is_titled = line.kind == "section"
                sections.append(
                    {
                        "key": line._get_key(),
                        "title": line.name or "" if is_titled else "",
                        "fields": [],
                    }
                )
            if line.kind != "section":
                sections[-1]["fields"].append(line._prepare_field())
        return {"sections": sections}

    def action_publish(self):
        """Keep the sheet as the next version; protocols begun from now on use it.

        :raises UserError: if a field cannot be answered as it stands
        """
        self.check_access("write")
        for template in self:
            template.line_ids.filtered("active")._check_usable()
            if not template.line_ids.filtered(lambda line: line.kind != "section"):
                raise UserError(self.env._("Add at least one field before publishing."))
            if template.has_changes:
                template._publish()
        return True

    def _publish(self):
        self.env["clinic.encounter.template.version"].create(
            {
                "template_id": self.id,
                "number": self.version_id.number + 1,
                "definition": self.definition,
            }
        )
