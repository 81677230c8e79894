from functools import partial

from odoo import api, fields, models

from odoo.addons.clinic_base.tools.quiet_hours import quiet_until

NIGHT = ("quiet_from", "quiet_to")


class ClinicBranch(models.Model):
    """Times of a branch: those of its company, or its own."""

    _name = "clinic.branch"
    _inherit = ["clinic.branch", "clinic.bounds.mixin"]

    own_times = fields.Boolean(
        string="Settings of its own",
        help="Otherwise the branch follows the settings of its company.",
    )
    quiet_from = fields.Integer(
        string="Nothing is sent from",
        compute="_compute_night",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )
    quiet_to = fields.Integer(
        string="Nothing is sent until",
        compute="_compute_night",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
    )

    _quiet_hours_of_the_day = models.Constraint(
        "CHECK (LEAST(quiet_from, quiet_to) >= 0"
        " AND GREATEST(quiet_from, quiet_to) <= 23)",
        "An hour of the day lies between 0 and 23.",
    )

    @api.model
    def _get_bounds(self):
        return {**super()._get_bounds(), **dict.fromkeys(NIGHT, (0, 23))}

    @api.depends("own_times", *(f"company_id.clinic_{name}" for name in NIGHT))
    def _compute_night(self):
        self._follow_company(NIGHT)

    def _follow_company(self, names):
        """Take each of ``names`` from the company's field with ``clinic_`` before it,
        unless the branch has its own; for computes of stored fields."""
        for branch in self:
            own = branch.own_times and branch._origin
            for name in names:
                branch[name] = (
                    branch[name] if own else branch.company_id[f"clinic_{name}"]
                )

    def _get_quiet_until(self):
        """Callable: end of the night that a moment (naive UTC) falls into, or None."""
        # Plain numbers, also for visitors of a site.
        branch_sudo = self.sudo()
        return partial(
            quiet_until,
            tz=branch_sudo.tz,
            hour_from=branch_sudo.quiet_from,
            hour_to=branch_sudo.quiet_to,
        )
