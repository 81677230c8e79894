from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo import api, fields, models

from .clinic_message_sending import IN_FLIGHT

# Minutes from one question to the next; then the last known state stays.
QUESTIONS = (1, 5, 15, 60, 240, 1200)
# Only after so long does a gateway's “never had it” say that it never will.
FORGOTTEN_AFTER = timedelta(minutes=10)


class ClinicMessage(models.Model):
    """What became of messages that were handed over: asked for by their key."""

    _inherit = "clinic.message"

    ask_at = fields.Datetime(readonly=True)
    questions = fields.Integer(readonly=True)

    _asked = models.Index("(ask_at) WHERE ask_at IS NOT NULL")
    _by_ref = models.Index("(account_id, gateway_ref) WHERE gateway_ref IS NOT NULL")

    @api.model
    def _plan_question(self, asked):
        """Values that plan the question after ``asked`` of them."""
        ask_at = asked < len(QUESTIONS) and self.env.cr.now() + timedelta(
            minutes=QUESTIONS[asked]
        )
        return {"questions": asked, "ask_at": ask_at}

    @api.model
    def _ask_gateways(self):
        """Cron: ask what became of messages, a few at a time."""
        cron = self.env["ir.cron"]
        domain = [
            ("ask_at", "<=", self.env.cr.now()),
            ("state", "in", ("sent", "uncertain")),
        ]
        cron._commit_progress(remaining=self.search_count(domain))
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            while messages := self.search(domain, order="ask_at, id", limit=IN_FLIGHT):
                gateways = messages.account_id._get_gateways()
                # Planned before the question, so that none is asked without end.
                asked = messages.filtered(
                    lambda one, known=gateways: one.account_id in known
                )
                (messages - asked).ask_at = False
                for message in asked:
                    message.write(self._plan_question(message.questions + 1))
                left = cron._commit_progress(len(messages - asked))
                outcomes = pool.map(
                    lambda call: call[0](call[1]),
                    [
                        (gateways[one.account_id].ask, one._get_letter())
                        for one in asked
                    ],
                )
                for message, outcome in zip(asked, outcomes, strict=True):
                    message._note_fate(outcome)
                    left = cron._commit_progress(1)
                if not left:
                    return

    def _note_fate(self, outcome):
        """Write what a gateway answered; late and doubled answers change nothing."""
        if self.state not in ("sent", "uncertain") or outcome.state == "uncertain":
            return
        if outcome.state == "unknown":
            self._send_forgotten()
            return
        vals = {"state": outcome.state, "reason": False, "error": outcome.error}
        if outcome.state == "refused":
            vals |= {"state": "failed", "reason": "refused"}
        if outcome.state != "sent":
            vals["ask_at"] = False
        if outcome.ref:
            vals["gateway_ref"] = outcome.ref
        if outcome.cost:
            vals["cost"] = outcome.cost
        self.write(vals)

    def _send_forgotten(self):
        """An uncertain message that the gateway never had goes into the queue again."""
        since = self.sending_since or self.create_date
        if self.state == "uncertain" and since < self.env.cr.now() - FORGOTTEN_AFTER:
            self.write({"state": "queued", "ask_at": False})

    @api.model
    def _note_reports(self, account, refs):
        """A delivery report has come: ask at once, since anybody may have written it.

        Unknown references and repeated reports change nothing.
        """
        told = self.search(
            [
                ("account_id", "=", account.id),
                ("gateway_ref", "in", refs),
                ("state", "in", ("sent", "uncertain")),
            ]
        )
        if told:
            told.ask_at = self.env.cr.now()
            self.env.ref("clinic_message.ir_cron_ask_gateways")._trigger()
