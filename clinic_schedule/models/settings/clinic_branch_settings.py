from odoo import api, fields, models

from .clinic_schedule_settings import BOUNDS, BRANCH_SETTINGS


def _company_number(label):
    """Field of a number that is the company's until the branch has its own."""
    return fields.Integer(
        string=label,
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )


class ClinicBranch(models.Model):
    """Times of holds and messages: the company's, or the branch's own."""

    _inherit = "clinic.branch"

    hold_minutes = _company_number("Minutes that a hold lasts")
    offer_minutes = _company_number("Minutes that an offer holds")
    remind_days = _company_number("Days from a reminder to the visit")
    remind_hour = _company_number("Hour of reminders")
    tell_hour = _company_number("Hour of letters to specialists")
    again_days = _company_number("Days from the call to come again")

    _schedule_numbers_positive = models.Constraint(
        "CHECK (LEAST(hold_minutes, offer_minutes, remind_days, again_days) >= 0)",
        "Days and minutes cannot be negative.",
    )
    _schedule_hours_of_the_day = models.Constraint(
        "CHECK (LEAST(remind_hour, tell_hour) >= 0"
        " AND GREATEST(remind_hour, tell_hour) <= 23)",
        "An hour of the day lies between 0 and 23.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            **{name: BOUNDS[name] for name in BRANCH_SETTINGS},
        }

    @api.depends(
        "own_times", *(f"company_id.clinic_{name}" for name in BRANCH_SETTINGS)
    )
    def _compute_schedule_settings(self):
        self._follow_company(BRANCH_SETTINGS)
