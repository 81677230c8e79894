from odoo import fields, models


class ClinicDepartment(models.Model):
    _name = "clinic.department"
    _description = "Department"
    _inherit = ["clinic.archive.mixin"]
    _order = "branch_id, sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    branch_id = fields.Many2one(
        "clinic.branch", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True, index=True)
    room_ids = fields.One2many("clinic.room", "department_id")
