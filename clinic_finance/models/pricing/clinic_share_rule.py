from odoo import api, fields, models
from odoo.exceptions import UserError

# What visits have been counted by; it changes by a new rule from a day on.
COUNTED_BY = frozenset(
    ("specialist_id", "service_id", "company_id", "mode", "percent", "tier_by")
)


class ClinicShareRule(models.Model):
    """What a specialist gets of a price, where no visit profile says otherwise.

    The most exact rule counts: of the specialist and the service, of the specialist,
    of the service, of everybody. A percentage may rise in steps over a calendar month:
    each step is for what lies above its threshold, what is below keeps its own.
    """

    _name = "clinic.share.rule"
    _description = "Specialist's share"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "specialist_id, service_id, date_from desc, id"

    specialist_id = fields.Many2one(
        "clinic.specialist",
        index=True,
        ondelete="restrict",
        help="Empty: every specialist.",
    )
    service_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
        help="Empty: every service.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    mode = fields.Selection(
        [("percent", "Percent of the price"), ("amount", "Sum for each visit")],
        required=True,
        default="percent",
    )
    percent = fields.Float(string="Share (%)", digits=(5, 2))
    amount = fields.Monetary(string="Sum")
    tier_by = fields.Selection(
        [("visits", "Visits of the month"), ("sum", "Sum earned in the month")],
        string="Steps by",
        help="Of one specialist, of the visits to which this rule applies, that took"
        " place and are paid. Empty: the same share for all.",
    )
    tier_ids = fields.One2many("clinic.share.tier", "rule_id", string="Steps")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    date_to = fields.Date(string="Last day", help="Empty: until changed.")

    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (company_id WITH =, COALESCE(specialist_id, 0) WITH =,"
        " COALESCE(service_id, 0) WITH =, daterange(date_from, date_to, '[]') WITH &&)"
        " WHERE (active)",
        "There is a rule for this specialist, service and time already.",
    )
    _share_within_price = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100 AND amount >= 0)",
        "A share is between 0 and 100 percent, and a sum is not negative.",
    )
    _tiers_of_percent = models.Constraint(
        "CHECK (tier_by IS NULL OR mode = 'percent')",
        "Steps go with a percentage.",
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A rule cannot end before it begins.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "amount": (0, 10**9),
        }

    @api.depends("specialist_id.name", "service_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = self.env._(
                "%(specialist)s: %(service)s",
                specialist=rule.specialist_id.name or self.env._("Every specialist"),
                service=rule.service_id.name or self.env._("Every service"),
            )

    @api.onchange("mode")
    def _onchange_mode(self):
        if self.mode != "percent":
            self.tier_by = False

    def write(self, vals):
        """:raises UserError: if visits have been counted by the steps already"""
        result = super().write(vals)
        if COUNTED_BY & vals.keys():
            self._check_not_counted()
        return result

    def _check_not_counted(self):
        # Whoever writes rules need not read charges of every branch.
        charges = self.env["clinic.charge"].sudo()
        if self and charges.search_count([("share_rule_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Visits have been counted by these steps already. Give the rule a"
                    " last day and begin a new one."
                )
            )

    @api.model
    def _find(self, vals_list):
        """Rules that may say something about the charges of ``vals_list``, in one
        search; the most exact first."""
        rules = self.search(
            [
                ("company_id", "in", [vals["company_id"] for vals in vals_list]),
                (
                    "specialist_id",
                    "in",
                    [False, *{vals["specialist_id"] for vals in vals_list}],
                ),
                (
                    "service_id",
                    "in",
                    [False, *{vals["service_id"] for vals in vals_list}],
                ),
            ]
        )
        return rules.sorted(
            lambda rule: (not rule.specialist_id, not rule.service_id, rule.id)
        )

    def _pick(self, vals):
        """The rule of ``self`` that holds for the charge of ``vals``, or none."""
        return self.filtered(
            lambda rule: (
                rule.company_id.id == vals["company_id"]
                and rule.specialist_id.id in (False, vals["specialist_id"])
                and rule.service_id.id in (False, vals["service_id"])
                and rule.date_from <= vals["date"]
                and (not rule.date_to or vals["date"] <= rule.date_to)
            )
        )[:1]

    @api.model
    def _share(self, vals_list):
        """Write the shares into the values of charges that have none by a profile."""
        for_rules = [vals for vals in vals_list if not vals.get("share")]
        rules = for_rules and self._find(for_rules)
        known = set()
        for vals in for_rules:
            rule = rules._pick(vals)
            visit_service = (vals["appointment_id"], vals["service_id"])
            if rule.mode == "percent":
                vals["share"] = rule.percent
                vals["share_rule_id"] = rule.tier_by and rule.id
            elif rule and visit_service not in known:
                # Once, although an insurer and the patient may share the price.
                vals["share_fixed"] = rule.amount
                known.add(visit_service)
