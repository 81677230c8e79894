from odoo import api, fields, models


class ResCompany(models.Model):
    """How much patients without a category may owe; categories say it themselves."""

    _inherit = "res.company"

    clinic_debt_screening = fields.Boolean(
        string="Block debtors without a category",
        help="Who owes more than the limit for longer than the days cannot book.",
    )
    clinic_debt_limit = fields.Monetary(string="Debt limit")
    clinic_debt_grace_days = fields.Integer(
        string="Days of grace of debts", default=14, help="After the due date."
    )

    _clinic_debt_positive = models.Constraint(
        "CHECK (clinic_debt_limit >= 0 AND clinic_debt_grace_days >= 0)",
        "The limit and the days of grace cannot be negative.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "clinic_debt_limit": (0, 1_000_000_000),
            "clinic_debt_grace_days": (0, 3650),
        }
