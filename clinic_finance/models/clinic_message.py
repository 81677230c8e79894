from odoo import fields, models


class ClinicMessage(models.Model):
    _inherit = "clinic.message"

    purpose = fields.Selection(
        selection_add=[("payment_link", "Payment link")],
        ondelete={"payment_link": "cascade"},
    )
