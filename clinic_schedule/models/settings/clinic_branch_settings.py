from odoo import api, fields, models

from .clinic_schedule_settings import BRANCH_SETTINGS


class ClinicBranch(models.Model):
    """Times of holds and messages: the company's, or the branch's own."""

    _inherit = "clinic.branch"

    own_schedule_settings = fields.Boolean(
        string="Own times",
        help="Otherwise holds and messages follow the settings of the company.",
    )
    hold_minutes = fields.Integer(
        string="Minutes that a hold lasts",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    offer_minutes = fields.Integer(
        string="Minutes that an offer holds",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    quiet_from = fields.Integer(
        string="Nothing is sent from",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    quiet_to = fields.Integer(
        string="Nothing is sent until",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    remind_days = fields.Integer(
        string="Days from a reminder to the visit",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    remind_hour = fields.Integer(
        string="Hour of reminders",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    tell_hour = fields.Integer(
        string="Hour of letters to specialists",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    again_days = fields.Integer(
        string="Days from the call to come again",
        compute="_compute_schedule_settings",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )

    _schedule_numbers_positive = models.Constraint(
        "CHECK (LEAST(hold_minutes, offer_minutes, remind_days, again_days) >= 0)",
        "Days and minutes cannot be negative.",
    )
    _schedule_hours_of_the_day = models.Constraint(
        "CHECK (LEAST(quiet_from, quiet_to, remind_hour, tell_hour) >= 0"
        " AND GREATEST(quiet_from, quiet_to, remind_hour, tell_hour) <= 23)",
        "An hour of the day lies between 0 and 23.",
    )

    @api.depends(
        "own_schedule_settings",
        *(f"company_id.clinic_{name}" for name in BRANCH_SETTINGS),
    )
    def _compute_schedule_settings(self):
        for branch in self:
            own = branch.own_schedule_settings and branch._origin
            for name in BRANCH_SETTINGS:
                branch[name] = (
                    branch[name] if own else branch.company_id[f"clinic_{name}"]
                )
