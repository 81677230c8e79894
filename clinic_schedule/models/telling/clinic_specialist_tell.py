from odoo import fields, models


class ClinicSpecialist(models.Model):
    """Of which changes a specialist wants to hear, and how."""

    _inherit = "clinic.specialist"

    tell_booked = fields.Boolean(string="New visits", default=True)
    tell_moved = fields.Boolean(string="Moved visits", default=True)
    tell_cancelled = fields.Boolean(string="Cancelled visits", default=True)
    tell_arrived = fields.Boolean(
        string="A patient has arrived",
        default=True,
        help="On the screen only: nobody reads e-mail in time for that.",
    )
    tell_mail = fields.Selection(
        [
            ("none", "Never"),
            ("daily", "Once a day"),
            ("today", "Once a day, at once if it is about today"),
        ],
        required=True,
        default="daily",
        string="By e-mail",
        help="How many visits are new, moved and cancelled on which day; no names.",
    )
