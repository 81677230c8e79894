from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_quiet_from = fields.Integer(
        related="company_id.clinic_quiet_from", readonly=False
    )
    clinic_quiet_to = fields.Integer(
        related="company_id.clinic_quiet_to", readonly=False
    )
