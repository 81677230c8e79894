from datetime import date, time

from babel.dates import format_date, format_time

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

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

    @api.depends("body", "channel")
    @api.depends_context("lang")
    def _compute_preview(self):
        example = self._get_example()
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

    @api.model
    def _get_example(self):
        """Values as long as usual ones, in the language of the reader."""
        branch = self.env["clinic.branch"].search([], limit=1)
        locale = babel_locale_parse(self.env.lang or "en_US")
        return {
            "patient_first_name": self.env._("Anna"),
            "date": format_date(date(2026, 9, 21), format="d MMMM", locale=locale),
            "time": format_time(time(14, 30), format="short", locale=locale),
            "branch": branch.name or self.env.company.name,
            "address": (branch and branch._get_address_line()) or "",
            "phone": branch.phone or "+7 495 000-00-00",
            "specialist": self.env._("Dr Smith"),
            "label": self.env._("Visit"),
            "link": f"{self.browse().get_base_url()}/clinic/visit/{'x' * 43}",
            "code": "123456",
            "amount": "2 500",
            "preparation": self.env._("Please come ten minutes early."),
            "reply": self.env["clinic.message"]._get_reply_hint(),
        }
