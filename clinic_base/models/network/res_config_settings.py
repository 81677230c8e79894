from odoo import fields, models


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
    clinic_base_url = fields.Char(
        string="Address of the clinic's site",
        config_parameter="web.base.url",
        help="What links in messages begin with, e.g. https://clinic.example",
    )
    clinic_certificate_days = fields.Integer(
        related="company_id.clinic_certificate_days", readonly=False
    )
    clinic_record_years = fields.Integer(
        related="company_id.clinic_record_years", readonly=False
    )
    clinic_accounting_years = fields.Integer(
        related="company_id.clinic_accounting_years", readonly=False
    )
    clinic_certificate_user_id = fields.Many2one(
        related="company_id.clinic_certificate_user_id", readonly=False
    )
