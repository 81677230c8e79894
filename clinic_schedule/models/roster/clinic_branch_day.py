from odoo import api, fields, models

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class ClinicBranchDay(models.Model):
    """A day that differs from the list of public holidays: moved working days too."""

    _name = "clinic.branch.day"
    _description = "Special day"
    _inherit = ["clinic.archive.mixin"]
    _order = "date desc, id desc"

    branch_id = fields.Many2one(
        "clinic.branch", ondelete="restrict", help="Empty: all branches.", index=True
    )
    date = fields.Date(required=True, index=True)
    kind = fields.Selection(
        [
            ("closed", "Closed"),
            ("open", "Works in spite of a holiday"),
            ("like", "Works like another weekday"),
        ],
        required=True,
    )
    weekday = fields.Selection(WEEKDAYS, string="Like")

    _like_what = models.Constraint(
        "CHECK ((kind = 'like') = (weekday IS NOT NULL))",
        "Say which weekday the day is like.",
    )
    _once = models.UniqueIndex(
        "(COALESCE(branch_id, 0), date) WHERE active",
        "This day is already special in this branch.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days._plan_anew()
        return days

    def write(self, vals):
        if not vals.keys() & {"branch_id", "date", "kind", "weekday", "active"}:
            return super().write(vals)
        before = set(self.mapped("date"))
        result = super().write(vals)
        self._plan_anew(before)
        return result

    def _plan_anew(self, before=()):
        """Shifts follow at once; ``before`` are dates that were special until now."""
        # Whoever keeps the calendar of a branch need not have the right to edit shifts.
        patterns = self.env["clinic.shift.pattern"].sudo()
        patterns._generate_on({*before, *self.mapped("date")})

    @api.depends("date", "branch_id")
    def _compute_display_name(self):
        for day in self:
            place = day.branch_id.name or self.env._("all branches")
            day.display_name = f"{day.date}, {place}"
