from odoo import fields, models


class ClinicMessage(models.Model):
    _inherit = "clinic.message"

    purpose = fields.Selection(
        selection_add=[
            ("payment_link", "Payment link"),
            ("prepayment", "Reminder to pay"),
            ("unpaid", "Visit cancelled, not paid"),
            ("debt", "Reminder of payment"),
        ],
        ondelete={
            "payment_link": "cascade",
            "prepayment": "cascade",
            "unpaid": "cascade",
            "debt": "cascade",
        },
    )

    def _get_drop_reason(self, now):
        visit = self.appointment_id
        if self.purpose == "prepayment" and not visit._has_to_prepay(now):
            return "changed"
        return super()._get_drop_reason(now)
