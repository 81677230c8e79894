import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, models

from ..tools.decisions import STOP, Occasion, Rule, decide

_logger = logging.getLogger(__name__)

BATCH = 1000  # visits
# What a rule missed while the server was down is made up for as far back as this.
LOOK_BACK = timedelta(days=7)
# Rows carry the time at which their transaction began; a long one shows them later.
OVERLAP = timedelta(minutes=10)


class ClinicDecisionRule(models.Model):
    """From occasions to decisions: on the past for a trial, from now on for a run."""

    _inherit = "clinic.decision.rule"

    # === DECIDING === #

    def _decide(self, met, moment_of, taken=()):
        """Decisions about visits, and their facts.

        Facts are read once for all rules, conditions are looked at in memory, so that
        statements do not grow with visits.

        :param met: {rule: {visit id: key of the occasion}}
        :param moment_of: {visit id: moment (naive UTC) as of which facts are wanted}
        :param taken: see :func:`~odoo.addons.clinic_decision.tools.decisions.decide`
        :return: list of (decision, fact)
        """
        facts = self.env["clinic.decision.fact"]._as_of(moment_of)
        facts -= self.env["clinic.decision.exemption"]._find_exempt(facts)
        by_visit = {fact.id: fact for fact in facts}
        occasions = []
        for rule in self:
            keys = met.get(rule, {})
            some = facts.filtered(lambda fact, keys=keys: fact.id in keys)
            some = rule._get_coming_facts(some).filtered_domain(rule._get_domain())
            occasions += [
                Occasion(rule.id, fact.id, fact.moment.date(), keys[fact.id])
                for fact in some
            ]
        decisions = decide([rule._as_pure() for rule in self], occasions, taken)
        return [(decision, by_visit[decision.occasion.visit]) for decision in decisions]

    def _as_pure(self):
        return Rule(
            self.id,
            tuple((action.id, action.kind) for action in self.action_ids),
            self.stops,
        )

    # === RUN === #

    @api.model
    def _cron_decide(self):
        """Decide about all that has happened since the last pass, in batches.

        The pass goes by the numbers of visits and remembers how far it came, so that
        one that was killed goes on, up to the same moment.
        """
        cron = self.env["ir.cron"]
        decision_pass = self.env["clinic.decision.pass"]._get_open()
        met = self._find_met(decision_pass)
        last = decision_pass.last_visit
        visits = sorted({v for keys in met.values() for v in keys if v > last})
        for first in range(0, len(visits), BATCH):
            some = visits[first : first + BATCH]
            self._decide_batch(met, some, decision_pass)
            decision_pass.last_visit = some[-1]
            left = len(visits) - first - len(some)
            if not cron._commit_progress(len(some), remaining=left):
                self.env.ref("clinic_decision.ir_cron_decide")._trigger()
                return
        decision_pass.finished_on = self.env.cr.now()

    @api.model
    def _find_met(self, decision_pass):
        """{rule: {visit id: key of its last occasion}} of the pass.

        Only the last one of a visit counts: who was away for three days is not
        reminded three times.
        """
        met = {}
        for rule in self.search([("is_on", "=", True)]):
            since = max(rule.on_since, decision_pass.since)
            met[rule] = {
                visit: key
                for visit, _moment, key in rule._find_occasions(
                    since, decision_pass.until
                )
            }
        return met

    @api.model
    def _decide_batch(self, met, visits, decision_pass):
        """Decide about ``visits`` and act; one bad visit stops no other.

        :raises psycopg2.OperationalError: conflicts with other transactions
        """
        try:
            with self.env.cr.savepoint():
                logs = self._log_decisions(met, visits)
                logs._act()
                decision_pass._count(len(visits), logs)
        except OperationalError:
            raise
        except Exception:
            if len(visits) > 1:
                middle = len(visits) // 2
                self._decide_batch(met, visits[:middle], decision_pass)
                self._decide_batch(met, visits[middle:], decision_pass)
                return
            _logger.warning("Visit %s could not be decided", visits, exc_info=True)

    @api.model
    def _log_decisions(self, met, visits):
        """Claim what is to be done; what has been claimed before is left alone."""
        now = self.env.cr.now()
        rules = self.concat(*met).sorted()
        chosen = set(visits)
        some = {
            rule: {visit: key for visit, key in keys.items() if visit in chosen}
            for rule, keys in met.items()
        }
        logs = self.env["clinic.decision.log"]
        taken = logs._get_taken(visits, now.date())
        return logs._claim(
            rules._decide(some, dict.fromkeys(visits, now), taken),
        )

    # === TRIAL === #

    def _try_on(self, since, until):
        """What the rule would have decided in (since, until], oldest first.

        Rules that act already are asked with it in their order. Nothing is changed.

        :return: list of (decision, fact as values)
        """
        self.ensure_one()
        rules = self.search(
            [("is_on", "=", True), ("company_id", "=", self.company_id.id)]
        )
        rules = (rules | self).sorted()
        layers = {}
        seen = {}
        for rule in rules:
            for visit, moment, key in rule._find_occasions(since, until):
                moments = seen.setdefault(visit, {})
                layer = moments.setdefault(moment, len(moments))
                met, moment_of = layers.setdefault(layer, ({}, {}))
                met.setdefault(rule, {})[visit] = key
                moment_of[visit] = moment
        found, taken = [], set()
        for met, moment_of in layers.values():
            some = rules._decide(met, moment_of, taken)
            for decision, _fact in some:
                occasion = decision.occasion
                taken.add((occasion.visit, occasion.day, decision.kind))
                if rules.browse(occasion.rule).stops:
                    taken.add((occasion.visit, occasion.day, STOP))
            found += [
                (decision, self._read_trial_fact(fact))
                for decision, fact in some
                if decision.occasion.rule == self.id
            ]
        return sorted(found, key=lambda pair: pair[1]["moment"])

    def _read_trial_fact(self, fact):
        return {
            "moment": fact.moment,
            "appointment_id": fact.appointment_id.id,
            "patient_id": fact.patient_id.id,
            "start": fact.start,
            "debt": fact.debt,
            "unpaid": fact.unpaid,
            "facts": fact._as_json(),
        }
