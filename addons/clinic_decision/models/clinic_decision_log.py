from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools.decisions import STOP
from .clinic_decision_action import KINDS


class ClinicDecisionLog(models.Model):
    """What was decided about a visit, by which rule, on what facts, with what outcome.

    The key makes a second acting on the same occasion impossible. Nobody writes it by
    hand.
    """

    _name = "clinic.decision.log"
    _description = "Decision"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "id desc"

    rule_id = fields.Many2one(
        "clinic.decision.rule", readonly=True, index=True, ondelete="restrict"
    )
    action_id = fields.Many2one(
        "clinic.decision.action",
        string="Part of the rule",
        readonly=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [*KINDS, ("pass", "Let pass once")],
        string="Action",
        required=True,
        readonly=True,
    )
    occasion = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True, ondelete="restrict")
    appointment_id = fields.Many2one(
        "clinic.appointment",
        string="Visit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        "clinic.patient", readonly=True, index=True, ondelete="restrict"
    )
    payer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    block_id = fields.Many2one(
        "clinic.financial.block", readonly=True, ondelete="restrict"
    )
    decided_on = fields.Datetime(required=True, readonly=True, index=True)
    facts = fields.Json(readonly=True, help="As they were then; nothing medical.")
    facts_text = fields.Text(string="Because", compute="_compute_facts_text")
    outcome = fields.Selection(
        [
            ("done", "Carried out"),
            ("skipped", "Nothing to do"),
            ("failed", "Failed"),
            ("overridden", "Overridden"),
        ],
        required=True,
        readonly=True,
        default="done",
    )
    skip_reason = fields.Selection(
        [
            ("promise", "The payer has promised to pay"),
            ("over", "The visit is over or called off"),
            ("blocked", "A block is there already"),
            ("free", "There is no block"),
            ("paid", "Nothing is unpaid"),
            ("nobody", "Nobody of the role works at the branch"),
        ],
        readonly=True,
        string="Why not",
    )
    user_id = fields.Many2one(
        "res.users", string="Task given to", readonly=True, ondelete="restrict"
    )
    error = fields.Char(readonly=True, string="Code of the error")
    overridden_by_id = fields.Many2one(
        "res.users", string="Overridden by", readonly=True, ondelete="restrict"
    )
    overridden_on = fields.Datetime(readonly=True)
    override_reason = fields.Char(readonly=True)

    _once = models.UniqueIndex(
        "(rule_id, appointment_id, kind, occasion) WHERE rule_id IS NOT NULL",
        "This has been decided already.",
    )
    _visit_day = models.Index("(appointment_id, decided_on)")

    @api.depends("rule_id")
    def _compute_display_name(self):
        for log in self:
            log.display_name = self.env._("Decision %(id)s", id=log.id)

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_facts_text(self):
        for log in self:
            log.facts_text = "\n".join(log._tell_facts())

    def _tell_facts(self):
        """Lines of what was known, in the reader's language; zeros are left out."""
        facts = self.env["clinic.decision.fact"]
        labels = facts.fields_get(self.facts or (), ["string", "type", "selection"])
        for name, value in (self.facts or {}).items():
            label = labels.get(name)
            if not label or not value:
                continue
            if label["type"] == "boolean":
                yield label["string"]
            elif label["type"] == "selection":
                told = dict(label["selection"]).get(value, value)
                yield f"{label['string']}: {told}"
            elif label["type"] == "monetary":
                currency = self.company_id.currency_id
                yield f"{label['string']}: {currency.format(value)}"
            elif label["type"] == "float":
                yield f"{label['string']}: {formatLang(self.env, value, digits=2)}"
            else:
                yield f"{label['string']}: {value}"

    # === CLAIM === #

    @api.model
    def _get_taken(self, visits, day):
        """(visit, day, kind) decided on ``day`` (UTC), and where a rule has stopped."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT log.appointment_id, log.kind, rule.stops
                  FROM clinic_decision_log log
                  JOIN clinic_decision_rule rule ON rule.id = log.rule_id
                 WHERE log.appointment_id = ANY(%(visits)s)
                   AND log.decided_on >= %(day)s
                """,
                visits=list(visits),
                day=day,
            )
        )
        taken = {(visit, day, kind) for visit, kind, _stops in rows}
        return taken | {(visit, day, STOP) for visit, _kind, stops in rows if stops}

    @api.model
    def _claim(self, decided):
        """Rows for decisions that nobody has claimed before, in one statement.

        They say *done*: whoever sees them sees what was done with them, or neither.

        :param decided: list of (decision, fact)
        :return: the new rows; a run at the same time gets the others
        """
        if not decided:
            return self.browse()
        self.env["clinic.financial.block"].flush_model()
        now = fields.Datetime.to_string(self.env.cr.now())
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_decision_log (
                       rule_id, action_id, kind, occasion, appointment_id, patient_id,
                       payer_id, branch_id, company_id, facts, outcome, active,
                       decided_on, create_uid, create_date, write_uid, write_date)
                SELECT rule_id, action_id, kind, occasion, appointment_id, patient_id,
                       payer_id, branch_id, company_id, facts, 'done', TRUE,
                       %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       rule_id int, action_id int, kind varchar, occasion varchar,
                       appointment_id int, patient_id int, payer_id int,
                       branch_id int, company_id int, facts jsonb)
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                rows=Json(
                    [self._prepare_claim(decision, fact) for decision, fact in decided]
                ),
                now=now,
                uid=self.env.uid,
            )
        )
        return self.browse(row[0] for row in rows)

    def _prepare_claim(self, decision, fact):
        occasion = decision.occasion
        return {
            "rule_id": occasion.rule,
            "action_id": decision.action,
            "kind": decision.kind,
            "occasion": occasion.key,
            "appointment_id": occasion.visit,
            "patient_id": fact.patient_id.id,
            "payer_id": fact.payer_id.id,
            "branch_id": fact.branch_id.id,
            "company_id": fact.company_id.id,
            "facts": fact._as_json(),
        }

    # === OVERRIDE === #

    def action_ask_override(self):
        """Ask why, then undo what the decision did."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override the decision"),
            "res_model": "clinic.decision.override",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_log_ids": self.ids},
        }

    @api.private
    def override(self, reason):
        """Undo what the decisions did, as far as it can be undone.

        A block is lifted, a prepayment is no longer demanded, a message that has not
        gone is withdrawn; a cancelled visit has to be booked again.

        :param reason: shown in the log
        :raises AccessError: for everybody but finance managers
        """
        self.check_access("read")
        if not self.env.user.has_group("clinic_base.group_finance_manager"):
            raise AccessError(
                self.env._("Decisions are overridden by finance managers.")
            )
        if not reason or not reason.strip():
            raise UserError(self.env._("Say why the decision is overridden."))
        # The role has been checked; the log is written by nobody by hand.
        logs = self.sudo().filtered(lambda log: log.outcome in ("done", "failed"))
        for kind, some in logs.grouped("kind").items():
            undo = getattr(some, f"_undo_{kind}", None)
            if undo:
                undo(reason.strip())
        return logs.write(
            {
                "outcome": "overridden",
                "overridden_by_id": self.env.uid,
                "overridden_on": self.env.cr.now(),
                "override_reason": reason.strip(),
            }
        )

    def _undo_block(self, reason):
        self.block_id._lift(reason)

    def _undo_prepay(self, _reason):
        # A deadline is the engine's field; the caller has checked the role.
        self.appointment_id._as_engine().write({"prepayment_due": False})

    def _undo_remind(self, _reason):
        messages = self.env["clinic.message"].search(
            [("key", "in", [log._get_message_key() for log in self])]
        )
        messages._filtered_waiting()._drop("changed")
