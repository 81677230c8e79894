from odoo import fields, models


class ClinicMessageTemplate(models.Model):
    _inherit = "clinic.message.template"

    purpose = fields.Selection(
        selection_add=[
            ("payment_link", "Payment link"),
            ("debt", "Reminder of payment"),
        ],
        ondelete={"payment_link": "cascade", "debt": "cascade"},
    )
