from odoo import api, fields, models

from ...tools.sms_segments import count_segments


class ClinicMessageTemplate(models.Model):
    """What a patient would read, and in how many parts it is paid for."""

    _inherit = "clinic.message.template"

    preview = fields.Text(compute="_compute_preview", string="The patient reads")
    parts = fields.Integer(
        compute="_compute_preview",
        string="Parts of an SMS",
        help="Each part is paid for. Latin letters alone: 160 in one part, 153 in each"
        " of several. With a single Cyrillic one: 70 and 67.",
    )
    part_fill = fields.Char(compute="_compute_preview", string="Length")
    placeholders = fields.Char(compute="_compute_placeholders")

    @api.depends("body", "channel")
    @api.depends_context("lang")
    def _compute_preview(self):
        example = self._get_placeholders()
        for template in self:
            try:
                text = (template.body or "").format_map(example)
            except (KeyError, ValueError, IndexError, AttributeError):
                # Still being typed; saving says what is wrong.
                text = template.body
            segments = count_segments(text)
            template.preview = text
            template.parts = segments.parts
            template.part_fill = f"{segments.units} / {segments.single}"

    @api.depends_context("lang")
    def _compute_placeholders(self):
        names = " ".join(f"{{{name}}}" for name in self._get_placeholders())
        self.placeholders = names

    @api.model
    def _get_placeholders(self):
        """Hook: {word in braces: value as long as usual, in the reader's language}."""
        branch = self.env["clinic.branch"].search([], limit=1)
        return {
            "patient_first_name": self.env._("Anna"),
            "branch": branch.name or self.env.company.name,
            "address": (branch and branch._get_address_line()) or "",
            "phone": branch.phone or "+7 495 000-00-00",
            "reply": self.env["clinic.message"]._get_reply_hint(),
        }
