from typing import NamedTuple

from odoo import api, models


class Settings(NamedTuple):
    """Settings of the engine, with what a new company begins with.

    Each is a field of the company, ``clinic_`` before its name.
    """

    step: int = 5  # minutes between offered starts
    hold_minutes: int = 10
    holds_per_phone: int = 2
    holds_per_patient: int = 2
    public_notice: int = 60  # minutes before a visit until which a site may book it
    public_horizon: int = 60  # days ahead that a site sees
    horizon: int = 200  # days for which shifts are written ahead
    series_weeks: int = 26  # weeks that a series claims ahead
    api_searches: int = 120  # searches a minute by the key of another site
    api_bookings: int = 30  # holds and bookings a minute by the key of another site
    offer_minutes: int = 120  # minutes that an offer of the waiting list holds
    remind_days: int = 1  # days before a visit
    remind_hour: int = 12  # hour of the branch at which reminders are written
    tell_hour: int = 18  # hour of the branch at which specialists get their letter
    again_days: int = 7  # days before a wished day of which the patient hears


# What a branch may have of its own, by the same names.
BRANCH_SETTINGS = (
    "hold_minutes",
    "offer_minutes",
    "remind_days",
    "remind_hour",
    "tell_hour",
    "again_days",
)

# Lowest and highest of each, in its unit: beyond them it is a slip of the hand.
BOUNDS = {
    "step": (0, 240),
    "hold_minutes": (0, 24 * 60),
    "holds_per_phone": (0, 100),
    "holds_per_patient": (0, 100),
    "public_notice": (0, 7 * 24 * 60),
    "public_horizon": (0, 730),
    "horizon": (0, 730),
    "series_weeks": (0, 104),
    "api_searches": (0, 10_000),
    "api_bookings": (0, 1_000),
    "offer_minutes": (0, 7 * 24 * 60),
    "remind_days": (0, 30),
    "remind_hour": (0, 23),
    "tell_hour": (0, 23),
    "again_days": (0, 365),
}


class ClinicScheduleSettings(models.AbstractModel):
    """Reads the settings, in the one place that knows whose they are."""

    _name = "clinic.schedule.settings"
    _description = "Scheduling settings"

    @api.model
    def _get(self, branch=None):
        """:class:`Settings` of ``branch``; of the user's company without one."""
        # Plain numbers that steer the engine for visitors of a site too.
        branch_sudo = (branch or self.env["clinic.branch"]).sudo()
        company_sudo = branch_sudo.company_id or self.env.company.sudo()
        values = {name: company_sudo[f"clinic_{name}"] for name in Settings._fields}
        if branch_sudo:
            values |= {name: branch_sudo[name] for name in BRANCH_SETTINGS}
        return Settings(**values)
