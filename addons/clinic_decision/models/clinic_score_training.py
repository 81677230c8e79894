import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.statements import fetch

from ..tools.score_training import TooLittleHistoryError, can_train, row_of, train

_logger = logging.getLogger(__name__)

HISTORY = timedelta(days=730)
AHEAD = timedelta(days=1)
# A visit that is not paid by then stays unpaid, for the score.
PAID_WITHIN = timedelta(days=7)
MOST = 50000  # visits, the newest
CHUNK = 2000


class ClinicScoreModel(models.Model):
    """Learning from the clinic's own visits, with what was known a day before each."""

    _inherit = "clinic.score.model"

    @api.model
    def _cron_train(self):
        """Once a month: learn anew, and use what is better than simple guesses."""
        self._create_scorecards()
        if not can_train():
            _logger.warning("scikit-learn is not installed; no score is learned")
            return
        for kind, _label in self._fields["kind"].selection:
            try:
                model = self._train_on_history(kind)
            except TooLittleHistoryError:
                _logger.info("Too little history for a score: %s", kind)
                continue
            if model.beats_baselines:
                model._use()
            self.env["ir.cron"]._commit_progress(1)

    def action_train(self):
        """Learn now from the clinic's visits of the last two years.

        :raises UserError: with too little history, or without the library that learns
        """
        self.ensure_one()
        self._check_manager()
        self._check_can_learn()
        try:
            # The role has been checked; scores are written by nobody by hand, and past
            # visits are read as numbers only.
            model = self.sudo()._train_on_history(self.kind)
        except TooLittleHistoryError as error:
            raise UserError(
                self.env._(
                    "There is too little history: %(visits)s visits, of which"
                    " %(wrong)s went wrong. The fixed points stay in use.",
                    visits=error.args[0],
                    wrong=error.args[1],
                )
            ) from error
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "views": [(False, "form")],
            "res_id": model.id,
        }

    @api.model
    def _check_can_learn(self):
        """:raises UserError: on a server without the library that learns"""
        if not can_train():
            raise UserError(self._get_lack())

    @api.model
    def _get_lack(self):
        """What a server without the library that learns does, in a sentence."""
        return self.env._(
            "Scores are not learned on this server, because scikit-learn is not"
            " installed; the scores in use go on."
        )

    @api.model
    def _train_on_history(self, kind):
        """A candidate from the visits of the last two years.

        :raises TooLittleHistoryError: too few visits, or none went wrong
        """
        return self._train_on(kind, self._get_history(kind), "history")

    @api.model
    def _train_on(self, kind, rows, source):
        """A candidate from ``rows`` (:class:`~.score_training.Row`)."""
        params, report = train(rows)
        moments = [row.moment for row in rows]
        return self.create(
            {
                "kind": kind,
                "method": "logistic",
                "source": source,
                "params": params,
                "report": report,
                "period_from": min(moments).date(),
                "period_to": max(moments).date(),
                "rows": len(rows),
                "rate": sum(row.label for row in rows) / len(rows),
                "auc": report["score"]["auc"],
                "brier": report["score"]["brier"],
                "log_loss": report["score"]["log_loss"],
                "beats_baselines": report["beats"],
            }
        )

    @api.model
    def _get_history(self, kind):
        """Past visits with what was known a day before each and what came of it."""
        visits = self._find_past(kind)
        rows = []
        for first in range(0, len(visits), CHUNK):
            some = visits[first : first + CHUNK]
            rows += self._read_rows(kind, some)
        return rows

    @api.model
    def _find_past(self, kind):
        """(id, moment of scoring, start, missed) of visits whose outcome is known."""
        now = self.env.cr.now()
        settled = now - PAID_WITHIN if kind == "unpaid" else now
        return fetch(
            self.env,
            ("clinic.appointment",),
            SQL(
                """
                SELECT id, GREATEST(start - %(ahead)s, LEAST(create_date, start)),
                       start, state = 'no_show'
                  FROM clinic_appointment
                 WHERE state = ANY(%(states)s)
                   AND start > %(since)s AND start < %(until)s
                   AND patient_id IS NOT NULL
              ORDER BY start DESC
                 LIMIT %(most)s
                """,
                ahead=AHEAD,
                states=["done"] if kind == "unpaid" else ["done", "no_show"],
                since=now - HISTORY,
                until=settled,
                most=MOST,
            ),
        )

    @api.model
    def _read_rows(self, kind, visits):
        facts = self.env["clinic.decision.fact"]
        wrong = {ident: missed for ident, _moment, _start, missed in visits}
        if kind == "unpaid":
            later = facts._as_of(
                {ident: start + PAID_WITHIN for ident, _m, start, _missed in visits}
            )
            # What costs nothing cannot stay unpaid.
            wrong = {fact.id: fact.unpaid > 0 for fact in later if fact.price}
        moments = {
            ident: moment for ident, moment, _start, _missed in visits if ident in wrong
        }
        more = self.env["clinic.score"]._get_more_features()
        return [
            row_of(fact.moment, fact._as_json(), wrong[fact.id], kind, more)
            for fact in facts._as_of(moments)
        ]
