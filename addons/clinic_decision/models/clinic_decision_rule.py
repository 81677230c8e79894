from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

EVENTS = ("visit_booked", "visit_moved", "visit_missed")
MONEY_EVENTS = ("charge_invoiced", "payment_came", "promise_broken")
# What a rule decides; it may not change while the rule acts.
DEFINITION = frozenset(
    {
        "trigger",
        "offset",
        "offset_unit",
        "daily_hour",
        "days_ahead",
        "domain",
        "branch_ids",
        "company_id",
        "action_ids",
        "stops",
    }
)


class ClinicDecisionRule(models.Model):
    """When something happens, if the facts are such, then act.

    Written in the interface by those who answer for money; tried on the past before it
    may act.
    """

    _name = "clinic.decision.rule"
    _description = "Decision rule"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Rules are asked in this order; drag to change it."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    branch_ids = fields.Many2many(
        "clinic.branch", string="Branches", help="Empty: all branches."
    )
    date_from = fields.Date(string="In force from")
    date_to = fields.Date(string="In force to")
    trigger = fields.Selection(
        [
            ("before_visit", "Before the visit"),
            ("after_visit", "After the visit"),
            ("daily", "Every day"),
            ("visit_booked", "A visit is booked"),
            ("visit_moved", "A visit is moved"),
            ("visit_missed", "A visit is missed"),
            ("charge_invoiced", "A visit is invoiced"),
            ("payment_came", "A payment comes for a visit"),
            ("promise_broken", "A promise to pay is broken"),
        ],
        string="When",
        required=True,
        default="before_visit",
    )
    offset = fields.Integer(string="How long", default=24)
    offset_unit = fields.Selection(
        [("hours", "hours"), ("days", "days")], required=True, default="hours"
    )
    daily_hour = fields.Integer(
        string="At what hour", default=9, help="Branch time, 0 to 23."
    )
    days_ahead = fields.Integer(
        string="Visits of how many days",
        default=7,
        help="Visits of the next days that are looked at every day.",
    )
    domain = fields.Char(
        string="If",
        default="[]",
        required=True,
        help="All of it has to be true. Empty: every visit.",
    )
    action_ids = fields.One2many(
        "clinic.decision.action", "rule_id", string="Then", copy=True
    )
    stops = fields.Boolean(
        string="Stop after this rule",
        help="Later rules leave the visits that this rule met alone on that day.",
    )
    is_on = fields.Boolean(string="Switched on", readonly=True, copy=False)
    on_since = fields.Datetime(readonly=True, copy=False)
    tried_on = fields.Datetime(
        string="Tried on the past",
        readonly=True,
        copy=False,
        help="When somebody last looked at what the rule would have done.",
    )
    log_count = fields.Integer(compute="_compute_log_count")

    _hour_of_day = models.Constraint(
        "CHECK (daily_hour BETWEEN 0 AND 23)", "The hour is from 0 to 23."
    )
    _offset_positive = models.Constraint(
        'CHECK ("offset" >= 0 AND days_ahead > 0)', "Times cannot be negative."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A rule must end after it begins.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "offset": (0, 366 * 24),
            "days_ahead": (1, 366),
        }

    def _compute_log_count(self):
        counts = dict(
            self.env["clinic.decision.log"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id"], ["__count"]
            )
        )
        for rule in self:
            rule.log_count = counts.get(rule, 0)

    @api.constrains("domain")
    def _check_domain(self):
        facts = self.env["clinic.decision.fact"]
        for rule in self:
            try:
                Domain(rule._get_domain()).validate(facts)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(rule)s” cannot be read.", rule=rule.name
                    )
                ) from error

    @api.constrains("branch_ids", "company_id")
    def _check_branches(self):
        for rule in self:
            if rule.branch_ids.company_id - rule.company_id:
                raise ValidationError(
                    self.env._("The branches must be of the rule's company.")
                )

    def write(self, vals):
        """:raises UserError: if what a rule decides changes while it acts"""
        if not DEFINITION.isdisjoint(vals):
            if self.filtered("is_on"):
                raise UserError(
                    self.env._("Switch the rule off before you change what it does.")
                )
            # What has been tried is no longer what it would do.
            vals = {"tried_on": False, **vals}
        return super().write(vals)

    def _get_domain(self):
        """Condition over ``clinic.decision.fact``, as a list."""
        return safe_eval(self.domain or "[]", {"uid": self.env.uid})

    # === BUTTONS === #

    def action_try(self):
        """Ask for a period of the past and show what the rule would have done."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try the rule on the past"),
            "res_model": "clinic.decision.trial",
            "views": [(False, "form")],
            "context": {"default_rule_id": self.id},
        }

    def action_switch_on(self):
        """Let the rule act from now on; an untried rule is tried first.

        :raises UserError: without an action
        """
        self.ensure_one()
        return self._switch_on() if self.tried_on else self.action_try()

    def action_switch_on_untried(self):
        """Let the rule act without having looked at the past; the dialog has asked."""
        self.ensure_one()
        return self._switch_on()

    def action_switch_off(self):
        """The rule does nothing from now on; what it has done stays."""
        return self.write({"is_on": False, "on_since": False})

    def _lose_trigger(self):
        """The module that brought the trigger goes: what it met, no other may meet."""
        self.action_switch_off()
        self.trigger = self.default_get(["trigger"])["trigger"]

    def _switch_on(self):
        if not self.action_ids:
            raise UserError(self.env._("Say what the rule should do."))
        self.action_ids._check_complete()
        return self.write({"is_on": True, "on_since": self.env.cr.now()})

    def action_open_log(self):
        """What the rule has decided."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_decision.clinic_decision_log_action"
        )
        return action | {"domain": [("rule_id", "=", self.id)], "context": {}}
