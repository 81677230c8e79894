from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get


class ClinicBranch(models.Model):
    _name = "clinic.branch"
    _description = "Branch"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Address",
        index=True,
        ondelete="restrict",
        help="Where patients come to; shown on the site and in messages.",
    )
    phone = fields.Char(help="Shown on the site and in messages.")
    email = fields.Char()
    address_line = fields.Char(
        related="partner_id.contact_address_inline", string="Address on one line"
    )
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "Europe/Moscow",
        help="Times of the branch are shown and computed in this zone.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar", string="Opening hours", ondelete="restrict"
    )
    department_ids = fields.One2many("clinic.department", "branch_id")
    room_ids = fields.One2many("clinic.room", "branch_id")
    color = fields.Integer()
    room_count = fields.Integer(compute="_compute_room_count")

    @api.depends("room_ids")
    def _compute_room_count(self):
        counts = dict(
            self.env["clinic.room"]._read_group(
                [("branch_id", "in", self.ids)], ["branch_id"], ["__count"]
            )
        )
        for branch in self:
            branch.room_count = counts.get(branch, 0)

    def action_open_rooms(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_base.clinic_room_action"
        )
        return {**action, "domain": [("branch_id", "in", self.ids)]}

    def _get_address_line(self):
        """Street and city in one line, as messages and the site show them."""
        self.ensure_one()
        # The address of a branch is public; its partner may be hidden from the reader.
        address = self.sudo().partner_id
        return ", ".join(filter(None, (address.street, address.city)))
