from odoo import fields, models

from ..tools.aero import SmsAero


class ClinicSmsAccount(models.Model):
    _inherit = "clinic.sms.account"

    provider = fields.Selection(
        selection_add=[("aero", "SMS Aero")], ondelete={"aero": "set default"}
    )

    def _get_gateway_class(self):
        return SmsAero if self.provider == "aero" else super()._get_gateway_class()
