from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class ClinicBranch(models.Model):
    _name = "clinic.branch"
    _inherit = ["clinic.branch", "clinic.analytic.mixin", "clinic.bounds.mixin"]

    _analytic_plan = "clinic_finance.clinic_analytic_plan_branch"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        ondelete="restrict",
        help="Prices of this branch. Empty: the services' own prices.",
    )
    invoice_days = fields.Integer(
        string="Invoice and payment link (days before)",
        default=2,
        help="Of services that are invoiced some days before the visit.",
    )
    prepayment_hours = fields.Integer(
        string="To be paid (hours before)",
        default=24,
        help="A visit that has to be prepaid and is not paid by then is cancelled,"
        " and its time is offered to others.",
    )
    prepayment_remind_hours = fields.Integer(
        string="Reminder (hours before that)", default=24
    )
    late_cancel_hours = fields.Integer(
        string="Late cancellation (hours before)",
        help="Who gives a visit up later than that pays for it. 0: nobody does.",
    )
    late_cancel_percent = fields.Float(string="Late cancellation (% of the price)")
    no_show_percent = fields.Float(string="Missed visit (% of the price)")

    _finance_hours_positive = models.Constraint(
        "CHECK (invoice_days >= 0 AND prepayment_hours >= 0"
        " AND prepayment_remind_hours >= 0 AND late_cancel_hours >= 0)",
        "Days and hours cannot be negative.",
    )
    _fees_within_price = models.Constraint(
        "CHECK (late_cancel_percent BETWEEN 0 AND 100"
        " AND no_show_percent BETWEEN 0 AND 100)",
        "A fee is between 0 and 100 % of the price.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "invoice_days": (0, 365),
            "prepayment_hours": (0, 365 * 24),
            "prepayment_remind_hours": (0, 365 * 24),
            "late_cancel_hours": (0, 365 * 24),
        }

    def _get_notice(self):
        """How long before a visit it may be given up for nothing, as a timedelta."""
        return timedelta(hours=self.late_cancel_hours)

    @api.model
    def _get_today_domain(self, compare):
        """Domain of records with a branch of which ``compare`` holds today, each on the
        clock of its branch; without a branch, on the user's.

        :param compare: function from a day to a Domain
        """
        found = Domain("branch_id", "=", False) & compare(
            fields.Date.context_today(self, self.env.cr.now())
        )
        branches = self.with_context(active_test=False).search_fetch([], ["tz"])
        for tz, some in branches.grouped("tz").items():
            today = fields.Date.context_today(
                self.with_context(tz=tz), self.env.cr.now()
            )
            found |= Domain("branch_id", "in", some.ids) & compare(today)
        return found
