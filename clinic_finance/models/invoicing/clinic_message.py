from odoo import models


class ClinicMessage(models.Model):
    _inherit = "clinic.message"

    def _get_drop_reason(self, now):
        visit = self.appointment_id
        if self.purpose == "prepayment" and not visit._has_to_prepay(now):
            return "changed"
        return super()._get_drop_reason(now)
