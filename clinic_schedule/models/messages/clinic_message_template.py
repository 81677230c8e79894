import string

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANNELS = [("sms", "SMS"), ("email", "E-mail")]
PURPOSES = [
    ("booked", "Visit booked"),
    ("moved", "Visit moved"),
    ("cancelled", "Visit cancelled"),
    ("series", "Standing visits booked"),
    ("offer", "A time has become free"),
    ("video", "Link to a visit by video"),
    ("reminder", "Reminder"),
    ("prepare", "Reminder with preparation"),
    ("missed", "Missed visit"),
    ("again", "Time to come again"),
    ("specialist", "News for a specialist"),
    ("other", "Other"),
]
PLACEHOLDERS = frozenset(
    {
        "patient_first_name",
        "date",
        "time",
        "branch",
        "address",
        "phone",
        "specialist",
        "label",
        "link",
        "code",
        "amount",
        "until",
        "preparation",
        "reply",
    }
)


class ClinicMessageTemplate(models.Model):
    """The text of a message; neutral, since a telephone is read by others too."""

    _name = "clinic.message.template"
    _description = "Message template"
    _inherit = ["clinic.archive.mixin"]
    _order = "purpose, channel"
    _rec_name = "purpose"

    purpose = fields.Selection(PURPOSES, required=True)
    channel = fields.Selection(CHANNELS, required=True)
    subject = fields.Char(translate=True, help="E-mail only.")
    body = fields.Text(
        required=True,
        translate=True,
        help="Placeholders: {patient_first_name} {date} {time} {branch} {address}"
        " {phone} {specialist} {label} {link} {code} {amount} {until}"
        " {preparation} {reply}",
    )

    _purpose_once = models.UniqueIndex(
        "(purpose, channel) WHERE active", "There is a template for this already."
    )

    @api.constrains("body", "subject")
    def _check_placeholders(self):
        for template in self:
            for text in (template.body, template.subject):
                template._check_text(text or "")

    def _check_text(self, text):
        """:raises ValidationError: unknown placeholder, or one with a format in it"""
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise ValidationError(
                self.env._("A brace in the text is not closed.")
            ) from error
        for _literal, name, spec, conversion in parts:
            if name is not None and (name not in PLACEHOLDERS or spec or conversion):
                raise ValidationError(
                    self.env._("{%(name)s} is no known placeholder.", name=name)
                )

    def _render(self, values):
        """Subject and body filled with ``values``; what is not given stays empty."""
        self.ensure_one()
        filled = dict.fromkeys(PLACEHOLDERS, "") | values
        texts = (self.subject or "", self.body)
        return tuple(text.format_map(filled).strip() for text in texts)
