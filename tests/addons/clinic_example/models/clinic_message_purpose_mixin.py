from odoo import fields, models


class ClinicMessagePurposeMixin(models.AbstractModel):
    _inherit = "clinic.message.purpose.mixin"

    purpose = fields.Selection(
        selection_add=[("two_of_us", "Two will treat you")],
        ondelete={"two_of_us": lambda records: records._lose_purpose()},
    )
