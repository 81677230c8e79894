from odoo import fields, models

from ..tools.exolve import Exolve


class ClinicSmsAccount(models.Model):
    _inherit = "clinic.sms.account"

    provider = fields.Selection(
        selection_add=[("exolve", "MTS Exolve")], ondelete={"exolve": "set default"}
    )

    def _get_gateway_class(self):
        return Exolve if self.provider == "exolve" else super()._get_gateway_class()
