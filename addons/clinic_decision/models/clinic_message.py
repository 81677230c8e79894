from odoo import fields, models


class ClinicMessage(models.Model):
    _inherit = "clinic.message"

    purpose = fields.Selection(
        selection_add=[("debt", "Reminder of payment")],
        ondelete={"debt": "cascade"},
    )
