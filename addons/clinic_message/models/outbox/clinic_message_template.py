import string
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicMessageTemplate(models.Model):
    """The text of a message; neutral, since a telephone is read by others too."""

    _name = "clinic.message.template"
    _description = "Message template"
    _inherit = ["clinic.archive.mixin", "clinic.message.purpose.mixin"]
    _order = "purpose, channel"
    _rec_name = "purpose"

    channel = fields.Selection(required=True)
    subject = fields.Char(translate=True, help="E-mail only.")
    body = fields.Text(
        required=True,
        translate=True,
        help="Words in braces are filled in when a message is sent.",
    )

    _purpose_once = models.UniqueIndex(
        "(purpose, channel) WHERE active", "There is a template for this already."
    )

    @api.constrains("body", "subject")
    def _check_placeholders(self):
        known = self._get_placeholders().keys()
        for template in self:
            for text in (template.body, template.subject):
                template._check_text(text or "", known)

    def _check_text(self, text, known):
        """:raises ValidationError: unknown placeholder, or one with a format in it"""
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise ValidationError(
                self.env._("A brace in the text is not closed.")
            ) from error
        for _literal, name, spec, conversion in parts:
            if name is not None and (name not in known or spec or conversion):
                raise ValidationError(
                    self.env._("{%(name)s} is no known placeholder.", name=name)
                )

    def _render(self, values):
        """Subject and body filled with ``values``; what is not given stays empty."""
        self.ensure_one()
        filled = defaultdict(str, values)
        texts = (self.subject or "", self.body)
        return tuple(text.format_map(filled).strip() for text in texts)

    def _lose_purpose(self):
        """Into the archive; an addon that comes back brings its texts anew."""
        # Technical rows of superuser's, who alone takes addons away.
        self.env["ir.model.data"].sudo().search(
            [("model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        self.filtered("active").archive_with_reason(
            self.env._("What it was written for is no longer installed.")
        )
        return super()._lose_purpose()
