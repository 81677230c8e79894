from odoo import fields, models


class ClinicAppointmentLog(models.Model):
    """Who moved a visit from which state to which, and when. Never changed."""

    _name = "clinic.appointment.log"
    _description = "Visit history"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one(
        "clinic.appointment", required=True, index=True, ondelete="restrict"
    )
    event = fields.Selection(
        [
            ("state", "State"),
            ("moved", "Moved"),
            ("overbooked", "Overbooked"),
            ("reversed", "Reversed"),
        ],
        required=True,
    )
    old = fields.Char(string="Before")
    new = fields.Char(string="After")
    user_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )
    reason = fields.Char(help="Never anything medical.")
