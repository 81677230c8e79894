from datetime import date, time

from babel.dates import format_date, format_time

from odoo import api, models
from odoo.tools.misc import babel_locale_parse


class ClinicMessageTemplate(models.Model):
    """What a message about a visit may say."""

    _inherit = "clinic.message.template"

    @api.model
    def _get_placeholders(self):
        locale = babel_locale_parse(self.env.lang or "en_US")
        return super()._get_placeholders() | {
            "date": format_date(date(2026, 9, 21), format="d MMMM", locale=locale),
            "time": format_time(time(14, 30), format="short", locale=locale),
            "specialist": self.env._("Dr Smith"),
            "label": self.env._("Visit"),
            "link": f"{self.browse().get_base_url()}/clinic/visit/{'x' * 43}",
            "preparation": self.env._("Please come ten minutes early."),
        }
