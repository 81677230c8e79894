from odoo import api, fields, models


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
    room_count = fields.Integer(string="Number of rooms", compute="_compute_room_count")

    @api.depends("room_ids")
    def _compute_room_count(self):
        counts = dict(
            self.env["clinic.room"]._read_group(
                [("department_id", "in", self.ids)], ["department_id"], ["__count"]
            )
        )
        for department in self:
            department.room_count = counts.get(department, 0)

    @api.depends("name", "branch_id")
    def _compute_display_name(self):
        """With the branch, since every branch has its «Therapy»."""
        for department in self:
            department.display_name = ", ".join(
                filter(None, (department.name, department.branch_id.name))
            )

    def action_open_rooms(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_base.clinic_room_action"
        )
        return {**action, "domain": [("department_id", "in", self.ids)]}
