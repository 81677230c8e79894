from odoo import fields, models

from ..tools.phone_gateway import PhoneGateway


class ClinicSmsAccount(models.Model):
    _inherit = "clinic.sms.account"

    provider = fields.Selection(
        selection_add=[("phone", "Demonstration phones")],
        ondelete={"phone": "set default"},
    )

    def _get_gateway_class(self):
        if self.provider == "phone":
            return PhoneGateway
        return super()._get_gateway_class()
