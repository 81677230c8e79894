from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_payment_link_days = fields.Integer(
        related="company_id.clinic_payment_link_days", readonly=False
    )
