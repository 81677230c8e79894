from odoo import api, fields, models


class ClinicPatientCategory(models.Model):
    _inherit = "clinic.patient.category"

    debt_screening = fields.Boolean(
        help="Who owes more than the limit for longer than the days cannot book."
    )
    debt_limit = fields.Float(
        digits=(16, 2), help="In the company's currency; a debt above it blocks."
    )
    debt_grace_days = fields.Integer(
        string="Days of grace", default=14, help="After the due date."
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "debt_limit": (0, 1_000_000_000),
            "debt_grace_days": (0, 3650),
        }
