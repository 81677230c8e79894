from odoo import fields, models

from .clinic_schedule_settings import PREFIX, Settings


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    clinic_step = fields.Integer(
        string="Minutes between offered starts",
        default=Settings().step,
        config_parameter=PREFIX + "step",
    )
    clinic_hold_minutes = fields.Integer(
        string="Minutes that a hold lasts",
        default=Settings().hold_minutes,
        config_parameter=PREFIX + "hold_minutes",
    )
    clinic_holds_per_phone = fields.Integer(
        string="Holds per telephone",
        default=Settings().holds_per_phone,
        config_parameter=PREFIX + "holds_per_phone",
    )
    clinic_holds_per_patient = fields.Integer(
        string="Holds per patient",
        default=Settings().holds_per_patient,
        config_parameter=PREFIX + "holds_per_patient",
    )
    clinic_public_notice = fields.Integer(
        string="Minutes of notice for sites",
        default=Settings().public_notice,
        config_parameter=PREFIX + "public_notice",
    )
    clinic_public_horizon = fields.Integer(
        string="Days that sites see ahead",
        default=Settings().public_horizon,
        config_parameter=PREFIX + "public_horizon",
    )
    clinic_horizon = fields.Integer(
        string="Days of shifts written ahead",
        default=Settings().horizon,
        config_parameter=PREFIX + "horizon",
    )
    clinic_series_weeks = fields.Integer(
        string="Weeks that a series claims ahead",
        default=Settings().series_weeks,
        config_parameter=PREFIX + "series_weeks",
    )
    clinic_api_searches = fields.Integer(
        string="Searches a minute",
        default=Settings().api_searches,
        config_parameter=PREFIX + "api_searches",
    )
    clinic_api_bookings = fields.Integer(
        string="Bookings a minute",
        default=Settings().api_bookings,
        config_parameter=PREFIX + "api_bookings",
    )
    clinic_offer_minutes = fields.Integer(
        string="Minutes that an offer holds",
        default=Settings().offer_minutes,
        config_parameter=PREFIX + "offer_minutes",
    )
    clinic_quiet_from = fields.Integer(
        string="Nothing is sent from",
        default=Settings().quiet_from,
        config_parameter=PREFIX + "quiet_from",
    )
    clinic_quiet_to = fields.Integer(
        string="Nothing is sent until",
        default=Settings().quiet_to,
        config_parameter=PREFIX + "quiet_to",
    )
    clinic_remind_days = fields.Integer(
        string="Days from a reminder to the visit",
        default=Settings().remind_days,
        config_parameter=PREFIX + "remind_days",
    )
    clinic_remind_hour = fields.Integer(
        string="Hour of reminders",
        default=Settings().remind_hour,
        config_parameter=PREFIX + "remind_hour",
    )
    clinic_tell_hour = fields.Integer(
        string="Hour of letters to specialists",
        default=Settings().tell_hour,
        config_parameter=PREFIX + "tell_hour",
    )
    clinic_again_days = fields.Integer(
        string="Days from the call to come again",
        default=Settings().again_days,
        config_parameter=PREFIX + "again_days",
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
