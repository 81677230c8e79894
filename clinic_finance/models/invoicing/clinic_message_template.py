from odoo import fields, models


class ClinicMessageTemplate(models.Model):
    _inherit = "clinic.message.template"

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
