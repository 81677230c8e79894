from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_debt_screening = fields.Boolean(
        related="company_id.clinic_debt_screening", readonly=False
    )
    clinic_debt_limit = fields.Monetary(
        related="company_id.clinic_debt_limit", readonly=False
    )
    clinic_debt_grace_days = fields.Integer(
        related="company_id.clinic_debt_grace_days", readonly=False
    )
