from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.scoring import FEATURES, features_of, reasons, score
from .clinic_score_model import KINDS

BATCH = 1000  # visits
AHEAD = timedelta(days=14)
FRESH = timedelta(hours=20)


class ClinicScore(models.Model):
    """The probability of one visit, and why it is what it is."""

    _name = "clinic.score"
    _description = "Score of a visit"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "probability desc, id desc"
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one(
        "clinic.appointment",
        string="Visit",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(related="appointment_id.patient_id")
    start = fields.Datetime(related="appointment_id.start", string="Visit at")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        KINDS, string="What may happen", required=True, readonly=True
    )
    model_id = fields.Many2one(
        "clinic.score.model",
        string="Score",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    probability = fields.Float(
        digits=(4, 2), readonly=True, aggregator="avg", help="From 0 to 1."
    )
    reasons = fields.Json(readonly=True)
    reasons_text = fields.Char(string="Why", compute="_compute_reasons_text")
    scored_at = fields.Datetime(required=True, readonly=True)

    _once = models.UniqueIndex("(appointment_id, kind)", "Scored already.")

    @api.depends("reasons")
    @api.depends_context("lang")
    def _compute_reasons_text(self):
        labels = self._get_feature_labels()
        for one in self:
            one.reasons_text = "; ".join(
                self.env._("%(fact)s raises it", fact=labels.get(name, name))
                if added > 0
                else self.env._("%(fact)s lowers it", fact=labels.get(name, name))
                for name, added in one.reasons or ()
            )

    @api.model
    def _get_feature_labels(self):
        """Door: what each feature is called, in the reader's language."""
        return dict(
            zip(
                FEATURES,
                (
                    self.env._("Visits so far"),
                    self.env._("Share of missed visits"),
                    self.env._("Missed the visit before"),
                    self.env._("Time since the last visit"),
                    self.env._("How long ahead it was booked"),
                    self.env._("Weekend"),
                    self.env._("Early morning"),
                    self.env._("Evening"),
                    self.env._("First visit to the specialist"),
                    self.env._("New patient"),
                    self.env._("Telemedicine"),
                    self.env._("Child"),
                    self.env._("Age from 18 to 30"),
                    self.env._("Age from 60"),
                    self.env._("Standing visit"),
                    self.env._("Cannot be sent messages"),
                    self.env._("Visit is paid"),
                    self.env._("Price of the visit"),
                    self.env._("Debt"),
                    self.env._("Days overdue"),
                ),
            )
        )

    @api.model
    def _get_more_features(self):
        """Door: {feature: callable(facts)}, numbers of facts by name of field.

        Scores that are learned from now on know them, named in
        :meth:`_get_feature_labels`; without its module a feature moves nothing.
        """
        return {}

    # === SCORING === #

    @api.model
    def _cron_score(self):
        """Score the visits of the next two weeks that have no fresh score."""
        cron = self.env["ir.cron"]
        used = self.env["clinic.score.model"]._get_used()
        while visits := used and self._find_unscored(len(used)):
            self._score(visits, used)
            if not cron._commit_progress(len(visits)):
                self.env.ref("clinic_decision.ir_cron_score_visits")._trigger()
                break

    @api.model
    def _find_unscored(self, kinds):
        """Numbers of visits, the next ones first."""
        self.env["clinic.appointment"].flush_model()
        self.flush_model()
        now = self.env.cr.now()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT visit.id
                  FROM clinic_appointment visit
                 WHERE visit.state IN ('booked', 'confirmed')
                   AND visit.active AND visit.patient_id IS NOT NULL
                   AND visit.start > %(now)s AND visit.start < %(ahead)s
                   AND (SELECT count(*)
                          FROM clinic_score score
                         WHERE score.appointment_id = visit.id
                           AND score.scored_at > %(fresh)s) < %(kinds)s
              ORDER BY visit.start, visit.id
                 LIMIT %(limit)s
                """,
                now=now,
                ahead=now + AHEAD,
                fresh=now - FRESH,
                kinds=kinds,
                limit=BATCH,
            )
        )
        return [row[0] for row in rows]

    @api.model
    def _score(self, visits, used):
        """Score ``visits`` by the models of ``used`` (by kind), in one statement."""
        now = self.env.cr.now()
        facts = self.env["clinic.decision.fact"]._as_of(dict.fromkeys(visits, now))
        more = self._get_more_features()
        rows = []
        for fact in facts:
            features = features_of(fact._as_json(), more)
            for kind, model in used.items():
                rows.append(
                    {
                        "appointment_id": fact.id,
                        "company_id": fact.company_id.id,
                        "kind": kind,
                        "model_id": model.id,
                        "probability": round(score(model.params, features), 4),
                        "reasons": reasons(model.params, features),
                    }
                )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_score (
                       appointment_id, company_id, kind, model_id, probability,
                       reasons, scored_at, active,
                       create_uid, create_date, write_uid, write_date)
                SELECT appointment_id, company_id, kind, model_id, probability,
                       reasons, %(now)s, TRUE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM jsonb_to_recordset(%(rows)s) AS row(
                       appointment_id int, company_id int, kind varchar,
                       model_id int, probability numeric, reasons jsonb)
                    ON CONFLICT (appointment_id, kind) DO UPDATE
                   SET model_id = EXCLUDED.model_id,
                       probability = EXCLUDED.probability,
                       reasons = EXCLUDED.reasons,
                       scored_at = EXCLUDED.scored_at,
                       write_date = EXCLUDED.write_date
                """,
                rows=Json(rows),
                uid=self.env.uid,
                now=fields.Datetime.to_string(now),
            )
        )
        self.invalidate_model()
