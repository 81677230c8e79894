from odoo import fields, models

PURPOSES = [
    ("payment_link", "Payment link"),
    ("prepayment", "Reminder to pay"),
    ("unpaid", "Visit cancelled, not paid"),
]


class ClinicMessagePurposeMixin(models.AbstractModel):
    _inherit = "clinic.message.purpose.mixin"

    purpose = fields.Selection(
        selection_add=PURPOSES,
        ondelete={
            purpose: lambda records: records._lose_purpose()
            for purpose, _label in PURPOSES
        },
    )
