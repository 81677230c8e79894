from odoo import fields, models


class ClinicDevice(models.Model):
    _name = "clinic.device"
    _description = "Device"
    _inherit = ["clinic.resource.mixin", "clinic.archive.mixin"]
    _order = "branch_id, name, id"

    name = fields.Char(required=True, translate=True)
    branch_id = fields.Many2one(
        "clinic.branch", required=True, index=True, ondelete="restrict"
    )
    room_id = fields.Many2one(
        "clinic.room",
        index=True,
        ondelete="restrict",
        domain="[('branch_id', '=', branch_id)]",
        help="Set for a device that cannot be moved.",
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    serial_number = fields.Char()
    service_ids = fields.Many2many(
        "product.product",
        string="Services",
        domain=[("is_clinic_service", "=", True)],
        help="Services that need a device of this kind.",
    )
