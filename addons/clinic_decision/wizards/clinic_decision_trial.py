from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.clinic_base.tools.walltime import to_utc

from ..models.clinic_decision_action import KINDS

SHOWN = 500


class ClinicDecisionTrial(models.TransientModel):
    """What a rule would have done in the past; nothing is changed."""

    _name = "clinic.decision.trial"
    _description = "Trial of a rule"
    _rec_name = "rule_id"

    rule_id = fields.Many2one("clinic.decision.rule", required=True, readonly=True)
    date_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=30),
    )
    date_to = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("clinic.decision.trial.line", "trial_id", readonly=True)
    count_ids = fields.One2many(
        "clinic.decision.trial.count", "trial_id", readonly=True
    )
    tried = fields.Boolean(readonly=True)
    found = fields.Integer(readonly=True)
    more = fields.Integer(compute="_compute_more", help="Found, but not listed.")
    is_on = fields.Boolean(related="rule_id.is_on")

    @api.depends("found", "line_ids")
    def _compute_more(self):
        for trial in self:
            trial.more = trial.found - len(trial.line_ids)

    def action_try(self):
        """Show what the rule would have decided on these days.

        :raises UserError: for days in the wrong order, or a rule without actions
        """
        self.ensure_one()
        self.rule_id.check_access("write")
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first."))
        if not self.rule_id.action_ids:
            raise UserError(self.env._("Say what the rule should do."))
        # The right to the rule has been checked; facts come from journal items of its
        # company, which finance managers may read.
        rule = self.rule_id.sudo()
        found = rule._try_on(*self._get_period())
        actions = self.env["clinic.decision.action"]
        self.write(
            {
                "tried": True,
                "found": len(found),
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                **{k: v for k, v in fact.items() if k != "facts"},
                                "action_id": actions.browse(decision.action).id,
                            }
                        )
                        for decision, fact in found[:SHOWN]
                    ),
                ],
                "count_ids": [
                    Command.clear(),
                    *(
                        Command.create({"kind": kind, "count": count})
                        for kind, count in Counter(
                            decision.kind for decision, _fact in found
                        ).items()
                    ),
                ],
            }
        )
        rule.tried_on = self.env.cr.now()
        return True

    def _get_period(self):
        """(since, until) in UTC: whole days of the reader's zone, up to now."""
        tz = self.env.user.tz or "UTC"
        since = to_utc(self.date_from, 0, tz)
        until = to_utc(self.date_to + timedelta(days=1), 0, tz)
        # Occasions at the very beginning of the first day belong to it.
        return since - timedelta(microseconds=1), min(until, self.env.cr.now())

    def action_switch_on(self):
        """Let the rule act from now on, having seen what it would have done."""
        self.ensure_one()
        self.rule_id._switch_on()
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.decision.rule",
            "views": [(False, "form")],
            "res_id": self.rule_id.id,
        }


class ClinicDecisionTrialCount(models.TransientModel):
    """How many times a rule would have done one thing."""

    _name = "clinic.decision.trial.count"
    _description = "Count of a trial"
    _order = "count desc, id"

    trial_id = fields.Many2one(
        "clinic.decision.trial", required=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, string="Would have", required=True, readonly=True)
    count = fields.Integer(string="Times", readonly=True)


class ClinicDecisionTrialLine(models.TransientModel):
    """One thing that a rule would have done."""

    _name = "clinic.decision.trial.line"
    _description = "Line of a trial"
    _order = "moment, id"

    trial_id = fields.Many2one(
        "clinic.decision.trial", required=True, ondelete="cascade"
    )
    action_id = fields.Many2one("clinic.decision.action", readonly=True)
    summary = fields.Char(related="action_id.summary", string="Would have")
    moment = fields.Datetime(string="When", readonly=True)
    appointment_id = fields.Many2one("clinic.appointment", string="Visit")
    start = fields.Datetime(string="Visit at", readonly=True)
    patient_id = fields.Many2one("clinic.patient", readonly=True)
    currency_id = fields.Many2one(related="trial_id.rule_id.company_id.currency_id")
    debt = fields.Monetary(readonly=True)
    unpaid = fields.Monetary(string="Unpaid for this visit", readonly=True)
