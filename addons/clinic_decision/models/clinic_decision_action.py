from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("prepay", "Demand prepayment"),
    ("block", "Block booking"),
    ("lift", "Lift the block"),
    ("cancel", "Cancel the visit"),
    ("remind", "Remind of the payment"),
    ("task", "Create a task"),
    ("notify", "Tell a colleague"),
]


class ClinicDecisionAction(models.Model):
    """One thing that a rule does with the visits that it meets."""

    _name = "clinic.decision.action"
    _description = "Action of a rule"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _archived_with_reason = False
    _order = "sequence, id"

    rule_id = fields.Many2one(
        "clinic.decision.rule", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, string="Action", required=True, default="remind")
    hours = fields.Integer(
        string="Hours before the visit",
        help="By when it has to be paid; 0: as the branch has it.",
    )
    days = fields.Integer(string="For days", help="0: until the debt is paid.")
    cancel_reason_id = fields.Many2one("clinic.cancel.reason", ondelete="restrict")
    role_id = fields.Many2one(
        "res.groups",
        ondelete="restrict",
        help="A task goes to the one of the role at the visit's branch who has the"
        " fewest open tasks.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        ondelete="restrict",
        help="With a role: where nobody of the role works at the branch.",
    )
    text = fields.Char(
        translate=True,
        help="What is to be done. Neutral: no names, nothing about health.",
    )
    summary = fields.Char(compute="_compute_summary")

    _once = models.UniqueIndex(
        "(rule_id, kind) WHERE active", "A rule has one action of a kind."
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "hours": (0, 366 * 24),
            "days": (0, 3660),
        }

    @api.depends(
        "kind", "hours", "days", "cancel_reason_id", "role_id", "user_id", "text"
    )
    def _compute_summary(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for action in self:
            action.summary = action._summarize() or labels.get(action.kind)

    def _summarize(self):
        """What the action does with its details; nothing if the kind says it all."""
        if self.kind == "prepay" and self.hours:
            return self.env._(
                "Demand prepayment %(hours)s hours before the visit", hours=self.hours
            )
        if self.kind == "block" and self.days:
            return self.env._("Block booking for %(days)s days", days=self.days)
        if self.kind == "cancel" and self.cancel_reason_id:
            return self.env._(
                "Cancel the visit: %(reason)s", reason=self.cancel_reason_id.name
            )
        if self.kind == "task" and self.role_id:
            return self.env._("A task for the role: %(role)s", role=self.role_id.name)
        if self.kind == "task" and self.user_id:
            # Names of colleagues are no secret among them.
            return self.env._("A task for %(person)s", person=self.sudo().user_id.name)
        if self.kind == "notify" and self.user_id:
            return self.env._("Tell %(person)s", person=self.sudo().user_id.name)
        return ""

    @api.depends("summary")
    def _compute_display_name(self):
        for action in self:
            action.display_name = action.summary

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_rule_off()
        return actions

    def write(self, vals):
        self._check_rule_off()
        self.rule_id.filtered("tried_on").write({"tried_on": False})
        return super().write(vals)

    def _check_rule_off(self):
        if self.rule_id.filtered("is_on"):
            raise UserError(
                self.env._("Switch the rule off before you change what it does.")
            )

    def _check_complete(self):
        """:raises UserError: if an action lacks what it needs"""
        for action in self:
            if action.kind == "cancel" and not action.cancel_reason_id:
                raise UserError(self.env._("Choose why the visits are cancelled."))
            to_role = action.kind == "task" and action.role_id
            if action.kind in ("task", "notify") and not (action.user_id or to_role):
                raise UserError(self.env._("Choose who is to be told."))
