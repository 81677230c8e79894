from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    clinic_board = fields.Json(
        help="How the user left the board: branch, columns, zoom, filters."
    )
