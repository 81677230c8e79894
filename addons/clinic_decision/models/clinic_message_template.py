from odoo import fields, models


class ClinicMessageTemplate(models.Model):
    _inherit = "clinic.message.template"

    purpose = fields.Selection(
        selection_add=[("debt", "Reminder of payment")],
        ondelete={"debt": "cascade"},
    )
