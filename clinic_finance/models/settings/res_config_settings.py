from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_payment_link_days = fields.Integer(
        related="company_id.clinic_payment_link_days", readonly=False
    )
    clinic_tax_system = fields.Selection(
        related="company_id.clinic_tax_system", readonly=False
    )
    clinic_receipts_from = fields.Date(
        related="company_id.clinic_receipts_from", readonly=False
    )
    clinic_advance_account_id = fields.Many2one(
        related="company_id.clinic_advance_account_id", readonly=False
    )
