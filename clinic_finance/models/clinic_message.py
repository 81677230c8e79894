from odoo import fields, models


class ClinicMessage(models.Model):
    _inherit = "clinic.message"

    purpose = fields.Selection(
        selection_add=[
            ("payment_link", "Payment link"),
            ("debt", "Reminder of payment"),
        ],
        ondelete={"payment_link": "cascade", "debt": "cascade"},
    )
