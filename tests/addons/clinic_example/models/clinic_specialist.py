from odoo import fields, models


class ClinicSpecialist(models.Model):
    _inherit = "clinic.specialist"

    assistant_id = fields.Many2one(
        "clinic.specialist", help="Stands by at services that take two."
    )
