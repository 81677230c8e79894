from odoo import fields, models

from ..tools.smsc import Smsc


class ClinicSmsAccount(models.Model):
    _inherit = "clinic.sms.account"

    provider = fields.Selection(
        selection_add=[("smsc", "SMSC")], ondelete={"smsc": "set default"}
    )

    def _get_gateway_class(self):
        return Smsc if self.provider == "smsc" else super()._get_gateway_class()
