from odoo import fields, models


class ClinicOccupancy(models.Model):
    _inherit = "clinic.occupancy"

    role = fields.Selection(
        selection_add=[("assistant", "Assistant")], ondelete={"assistant": "cascade"}
    )
