from odoo import fields, models

from .clinic_specialist_certificate import DAYS_PARAMETER, DEFAULT_DAYS, USER_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_specialist_sees_visits = fields.Boolean(
        related="company_id.clinic_specialist_sees_visits", readonly=False
    )
    clinic_specialist_sees_contacts = fields.Boolean(
        related="company_id.clinic_specialist_sees_contacts", readonly=False
    )
    clinic_specialist_books = fields.Boolean(
        related="company_id.clinic_specialist_books", readonly=False
    )
    clinic_certificate_days = fields.Integer(
        string="Days before a certificate ends",
        default=DEFAULT_DAYS,
        config_parameter=DAYS_PARAMETER,
    )
    clinic_certificate_user_id = fields.Many2one(
        "res.users",
        string="Who renews certificates",
        domain="[('share', '=', False)]",
        config_parameter=USER_PARAMETER,
    )
