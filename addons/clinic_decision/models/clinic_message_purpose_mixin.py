from odoo import fields, models


class ClinicMessagePurposeMixin(models.AbstractModel):
    _inherit = "clinic.message.purpose.mixin"

    purpose = fields.Selection(
        selection_add=[("debt", "Reminder of payment")],
        ondelete={"debt": lambda records: records._lose_purpose()},
    )
