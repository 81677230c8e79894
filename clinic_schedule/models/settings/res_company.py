from odoo import api, fields, models

from .clinic_schedule_settings import BOUNDS, Settings


class ResCompany(models.Model):
    """Settings of the engine; what concerns one place, a branch may have of its own."""

    _inherit = "res.company"

    clinic_site_phone_daily = fields.Integer(
        string="Bookings from outside for one phone a day", default=5
    )
    clinic_site_hourly = fields.Integer(
        string="Bookings on the site from one address an hour", default=20
    )
    clinic_site_daily = fields.Integer(
        string="Bookings on the site from one address a day", default=100
    )
    clinic_site_minutely = fields.Integer(
        string="Bookings from outside in all a minute", default=30
    )

    clinic_api_holds = fields.Integer(
        string="Holds by the key of another site at once", default=20
    )
    clinic_api_hold_minutes = fields.Integer(
        string="Minutes of a hold by another site at most", default=30
    )

    _clinic_site_limits_positive = models.Constraint(
        "CHECK (clinic_site_phone_daily >= 0 AND clinic_site_hourly >= 0"
        " AND clinic_site_daily >= 0 AND clinic_site_minutely >= 0"
        " AND clinic_api_holds >= 0 AND clinic_api_hold_minutes > 0)",
        "A limit cannot be negative.",
    )
    clinic_step = fields.Integer(
        string="Minutes between offered starts", default=Settings().step
    )
    clinic_hold_minutes = fields.Integer(
        string="Minutes that a hold lasts", default=Settings().hold_minutes
    )
    clinic_holds_per_phone = fields.Integer(
        string="Holds per telephone", default=Settings().holds_per_phone
    )
    clinic_holds_per_patient = fields.Integer(
        string="Holds per patient", default=Settings().holds_per_patient
    )
    clinic_public_notice = fields.Integer(
        string="Minutes of notice for sites", default=Settings().public_notice
    )
    clinic_public_horizon = fields.Integer(
        string="Days that sites see ahead", default=Settings().public_horizon
    )
    clinic_horizon = fields.Integer(
        string="Days of shifts written ahead", default=Settings().horizon
    )
    clinic_series_weeks = fields.Integer(
        string="Weeks that a series claims ahead", default=Settings().series_weeks
    )
    clinic_api_searches = fields.Integer(
        string="Searches a minute", default=Settings().api_searches
    )
    clinic_api_bookings = fields.Integer(
        string="Bookings a minute", default=Settings().api_bookings
    )
    clinic_offer_minutes = fields.Integer(
        string="Minutes that an offer holds", default=Settings().offer_minutes
    )
    clinic_remind_days = fields.Integer(
        string="Days from a reminder to the visit", default=Settings().remind_days
    )
    clinic_remind_hour = fields.Integer(
        string="Hour of reminders", default=Settings().remind_hour
    )
    clinic_tell_hour = fields.Integer(
        string="Hour of letters to specialists", default=Settings().tell_hour
    )
    clinic_again_days = fields.Integer(
        string="Days from the call to come again", default=Settings().again_days
    )

    _clinic_numbers_positive = models.Constraint(
        "CHECK (LEAST(clinic_step, clinic_hold_minutes, clinic_holds_per_phone,"
        " clinic_holds_per_patient, clinic_public_notice, clinic_public_horizon,"
        " clinic_horizon, clinic_series_weeks, clinic_api_searches,"
        " clinic_api_bookings, clinic_offer_minutes, clinic_remind_days,"
        " clinic_again_days) >= 0 AND GREATEST(clinic_step, clinic_hold_minutes,"
        " clinic_holds_per_phone, clinic_holds_per_patient, clinic_public_notice,"
        " clinic_public_horizon, clinic_horizon, clinic_series_weeks,"
        " clinic_api_searches, clinic_api_bookings, clinic_offer_minutes,"
        " clinic_remind_days, clinic_again_days) <= 20000)",
        "Settings of the clinic lie between 0 and 20 000.",
    )
    _clinic_hours_of_the_day = models.Constraint(
        "CHECK (LEAST(clinic_remind_hour, clinic_tell_hour) >= 0"
        " AND GREATEST(clinic_remind_hour, clinic_tell_hour) <= 23)",
        "An hour of the day lies between 0 and 23.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            **{f"clinic_{name}": bounds for name, bounds in BOUNDS.items()},
            "clinic_site_phone_daily": (0, 1_000),
            "clinic_site_hourly": (0, 10_000),
            "clinic_site_daily": (0, 20_000),
            "clinic_site_minutely": (0, 10_000),
            "clinic_api_holds": (0, 10_000),
            "clinic_api_hold_minutes": (1, 24 * 60),
        }
