from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_step = fields.Integer(related="company_id.clinic_step", readonly=False)
    clinic_hold_minutes = fields.Integer(
        related="company_id.clinic_hold_minutes", readonly=False
    )
    clinic_holds_per_phone = fields.Integer(
        related="company_id.clinic_holds_per_phone", readonly=False
    )
    clinic_holds_per_patient = fields.Integer(
        related="company_id.clinic_holds_per_patient", readonly=False
    )
    clinic_public_notice = fields.Integer(
        related="company_id.clinic_public_notice", readonly=False
    )
    clinic_public_horizon = fields.Integer(
        related="company_id.clinic_public_horizon", readonly=False
    )
    clinic_horizon = fields.Integer(related="company_id.clinic_horizon", readonly=False)
    clinic_series_weeks = fields.Integer(
        related="company_id.clinic_series_weeks", readonly=False
    )
    clinic_api_searches = fields.Integer(
        related="company_id.clinic_api_searches", readonly=False
    )
    clinic_api_bookings = fields.Integer(
        related="company_id.clinic_api_bookings", readonly=False
    )
    clinic_offer_minutes = fields.Integer(
        related="company_id.clinic_offer_minutes", readonly=False
    )
    clinic_remind_days = fields.Integer(
        related="company_id.clinic_remind_days", readonly=False
    )
    clinic_remind_hour = fields.Integer(
        related="company_id.clinic_remind_hour", readonly=False
    )
    clinic_tell_hour = fields.Integer(
        related="company_id.clinic_tell_hour", readonly=False
    )
    clinic_again_days = fields.Integer(
        related="company_id.clinic_again_days", readonly=False
    )
    clinic_site_phone_daily = fields.Integer(
        related="company_id.clinic_site_phone_daily", readonly=False
    )
    clinic_site_hourly = fields.Integer(
        related="company_id.clinic_site_hourly", readonly=False
    )
    clinic_site_daily = fields.Integer(
        related="company_id.clinic_site_daily", readonly=False
    )
    clinic_site_minutely = fields.Integer(
        related="company_id.clinic_site_minutely", readonly=False
    )
    clinic_api_holds = fields.Integer(
        related="company_id.clinic_api_holds", readonly=False
    )
    clinic_api_hold_minutes = fields.Integer(
        related="company_id.clinic_api_hold_minutes", readonly=False
    )
