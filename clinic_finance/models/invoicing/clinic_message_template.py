from datetime import datetime

from babel.dates import format_datetime

from odoo import api, models
from odoo.tools.misc import babel_locale_parse


class ClinicMessageTemplate(models.Model):
    """What a message about money may say."""

    _inherit = "clinic.message.template"

    @api.model
    def _get_placeholders(self):
        until = format_datetime(
            datetime(2026, 9, 20, 18),
            format="d MMMM, HH:mm",
            locale=babel_locale_parse(self.env.lang or "en_US"),
        )
        return super()._get_placeholders() | {"amount": "2 500", "until": until}
