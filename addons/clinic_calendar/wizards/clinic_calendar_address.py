from odoo import fields, models


class ClinicCalendarAddress(models.TransientModel):
    """Shows a secret address once. It stands in the open form only, never in a row."""

    _name = "clinic.calendar.address"
    _description = "Secret calendar address"

    specialist_id = fields.Many2one("clinic.specialist", required=True)
    address = fields.Char(store=False)
