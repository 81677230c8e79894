from odoo import fields, models


class ClinicRoom(models.Model):
    """A room receives one patient at a time (medical secrecy)."""

    _name = "clinic.room"
    _description = "Room"
    _inherit = ["clinic.resource.mixin", "clinic.archive.mixin"]
    _order = "branch_id, department_id, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    department_id = fields.Many2one(
        "clinic.department", required=True, index=True, ondelete="restrict"
    )
    department_name = fields.Char(
        related="department_id.name", string="Name of department"
    )
    branch_id = fields.Many2one(
        related="department_id.branch_id", store=True, index=True
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    floor = fields.Char()
    readiness = fields.Selection(
        [
            ("ready", "Ready"),
            ("in_use", "In use"),
            ("cleaning", "Being cleaned"),
            ("closed", "Closed"),
        ],
        required=True,
        default="ready",
        group_expand=True,
    )
    service_ids = fields.Many2many(
        "product.product",
        string="Allowed services",
        domain=[("is_clinic_service", "=", True)],
        help="Services that may be given here. Empty: all services.",
    )
    specialist_ids = fields.Many2many(
        "clinic.specialist",
        "clinic_room_specialist_rel",
        "room_id",
        "specialist_id",
        string="Specialists",
        help="Who works in this room. Empty: everybody.",
    )
    device_ids = fields.One2many("clinic.device", "room_id")
    color = fields.Integer()

    def action_set_ready(self):
        return self.write({"readiness": "ready"})

    def action_set_cleaning(self):
        return self.write({"readiness": "cleaning"})

    def action_set_closed(self):
        return self.write({"readiness": "closed"})
