from odoo import models


class ClinicMessage(models.Model):
    _inherit = "clinic.message"

    def _get_drop_reason(self, now):
        visit = self.appointment_id
        if self.purpose == "prepayment" and not visit._has_to_prepay(now):
            return "changed"
        if self.purpose == "payment_link":
            # The key says which request the link is of.
            number = int(self.key.rpartition(":")[2])
            asked = self.env["clinic.payment.request"].browse(number).exists()
            if not asked._is_payable():
                return "changed"
        return super()._get_drop_reason(now)
