from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_bank_automatic = fields.Boolean(
        related="company_id.clinic_bank_automatic", readonly=False
    )
