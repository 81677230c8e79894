from odoo import api, fields, models

from .clinic_decision_run import LOOK_BACK, OVERLAP


class ClinicDecisionPass(models.Model):
    """One going through of all rules that act: from when to when, and how far it is."""

    _name = "clinic.decision.pass"
    _description = "Pass of the rules"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "until"

    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)
    last_visit = fields.Integer(
        readonly=True, help="Number of the last visit that has been looked at."
    )
    finished_on = fields.Datetime(readonly=True)
    visits = fields.Integer(string="Visits looked at", readonly=True)
    decisions = fields.Integer(readonly=True)
    failures = fields.Integer(readonly=True)

    _one_open = models.UniqueIndex(
        "((finished_on IS NULL)) WHERE finished_on IS NULL",
        "A pass is under way already.",
    )

    @api.model
    def _get_open(self):
        """The pass that was interrupted, or a new one from where the last has ended.

        A pass that met nothing is carried on, so that rows do not grow by the minute.
        """
        last = self.search([], limit=1)
        now = self.env.cr.now().replace(microsecond=0)
        if last and not last.finished_on:
            return last
        since = now - LOOK_BACK
        if last:
            since = max(last.until - OVERLAP, since)
        if last and not last.visits:
            last.write({"until": now, "since": since, "finished_on": False})
            return last
        # The end of the last one goes to the database before the next one begins.
        self.flush_model()
        return self.create({"since": since, "until": now})

    def _count(self, visits, logs):
        self.visits += visits
        self.decisions += len(logs)
        self.failures += len(logs.filtered(lambda log: log.outcome == "failed"))
