import logging
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sms_gateway import Letter

_logger = logging.getLogger(__name__)

# Calls at a time, and messages claimed at a time: whatever is noted as being sent
# really is under way, so a killed worker leaves no more than these to be asked for.
IN_FLIGHT = 32
# A message that was being sent when its worker died: nobody knows what became of it.
SENDING_LASTS = timedelta(minutes=15)
LONGEST_PAUSE = 30
STATES = {
    "sent": ("sent", False),
    "delivered": ("delivered", False),
    "refused": ("failed", "refused"),
    "uncertain": ("uncertain", "uncertain"),
}


class ClinicMessage(models.Model):
    """Sending: claim, commit, call with the key, commit; many calls at a time."""

    _inherit = "clinic.message"

    sending_since = fields.Datetime(readonly=True)
    account_id = fields.Many2one(
        "clinic.sms.account",
        readonly=True,
        ondelete="restrict",
        groups="clinic_base.group_clinic_manager,clinic_base.group_clinic_admin",
        help="Committed before the call, so that the right gateway can be asked.",
    )
    attempts = fields.Integer(readonly=True, help="Calls that reached no gateway.")

    @api.model
    def _process_outbox(self):
        """Cron: send what is due, a few at a time; resumes after a kill."""
        cron = self.env["ir.cron"]
        self._mark_uncertain()
        cron._commit_progress(remaining=self.search_count(self._get_due_domain()))
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            while messages := self._claim_due():
                calls = messages._prepare_calls()
                # Committed before the call: after a crash the message is uncertain.
                left = cron._commit_progress(len(messages) - len(calls))
                under_way = {pool.submit(*call): one for one, call in calls.items()}
                while under_way:
                    # What has come meanwhile is committed together.
                    done, _waiting = wait(under_way, return_when=FIRST_COMPLETED)
                    for call in done:
                        under_way.pop(call)._note_outcome(call.result())
                    left = cron._commit_progress(len(done))
                if not left:
                    return

    @api.model
    def _get_due_domain(self):
        return [("state", "=", "queued"), ("scheduled_at", "<=", self.env.cr.now())]

    @api.model
    def _claim_due(self):
        """Take a few that no other worker has, and note that they are being sent.

        They are chosen once: a plan may run a subquery with a limit for every row, and
        so take all that is due.
        """
        try:
            rows = self.env.execute_query(
                SQL(
                    """
                      WITH due AS MATERIALIZED (
                           SELECT id FROM clinic_message
                            WHERE state = 'queued' AND scheduled_at <= %(now)s
                            ORDER BY scheduled_at, id
                            LIMIT %(limit)s
                              FOR UPDATE SKIP LOCKED)
                    UPDATE clinic_message message
                       SET state = 'sending', sending_since = %(now)s
                      FROM due
                     WHERE message.id = due.id
                 RETURNING message.id
                    """,
                    now=self.env.cr.now(),
                    limit=IN_FLIGHT,
                )
            )
        except SerializationFailure:
            # Another worker took one of them a moment ago; nothing was written yet.
            self.env.cr.rollback()
            return self._claim_due()
        self.env.invalidate_all()
        return self.browse(sorted(row[0] for row in rows))

    def _prepare_calls(self):
        """What is to be called for whom: {message: (function, arguments...)}.

        The rest is cancelled, put off, failed or left unsent for want of a gateway; one
        bad message never stops the rest.
        """
        calls, accounts = {}, {}
        for message in self:
            try:
                with self.env.cr.savepoint():
                    message._prepare_sending()
            except Exception as error:
                _logger.warning("Message %s: %s", message.id, type(error).__name__)
                message.write({"state": "failed", "reason": "broken"})
            if message.state == "sending":
                company = message.company_id
                if company not in accounts:
                    accounts[company] = company._get_sms_gateways()
                if call := message._prepare_call(accounts[company]):
                    calls[message] = call
                else:
                    message.state = "unsent"
        return calls

    def _prepare_sending(self):
        """Fill the message in, or put it off, or drop it."""
        now = self.env.cr.now()
        if reason := self._get_drop_reason(now):
            self._drop(reason)
        elif until := self._get_quiet_end(now):
            self.write({"state": "queued", "scheduled_at": until})
        else:
            self._fill()

    def _prepare_call(self, gateways):
        """The function for a thread, with plain arguments; None if nobody would send.

        :param gateways: {account: gateway} in the order in which they are tried
        """
        if self.channel == "email":
            return self.env["clinic.mail.gateway"]._prepare_call(self)
        if not gateways:
            return None
        account = list(gateways)[self.attempts % len(gateways)]
        self.write({"gateway": account.provider, "account_id": account.id})
        return (gateways[account].send, self._get_letter())

    def _get_letter(self):
        """The message as a gateway sees it."""
        return Letter(
            id=self.id,
            key=self.key,
            number=self.recipient,
            text=self.body,
            ref=self.gateway_ref or "",
            sent_after=self.sending_since.isoformat() if self.sending_since else "",
        )

    def _note_outcome(self, outcome):
        """Write what became of a call; the next gateway, if this was surely not it."""
        if outcome.state == "unreached":
            return self._try_later(outcome)
        state, reason = STATES[outcome.state]
        vals = {"state": state, "reason": reason, "error": outcome.error}
        if outcome.ref:
            vals["gateway_ref"] = outcome.ref
        if outcome.cost:
            vals["cost"] = outcome.cost
        if self.account_id and state in ("sent", "uncertain"):
            vals |= self._plan_question(0)
        return self.write(vals)

    def _try_later(self, outcome):
        """Back into the queue: for the next gateway at once, for all after a pause."""
        attempts = self.attempts + 1
        vals = {
            "state": "queued",
            "reason": "unreached",
            "error": outcome.error,
            "attempts": attempts,
        }
        known = len(self.company_id._get_sms_accounts()) or 1
        if attempts % known == 0:
            minutes = min(2 ** min(attempts // known, 6), LONGEST_PAUSE)
            vals["scheduled_at"] = self.env.cr.now() + timedelta(minutes=minutes)
        return self.write(vals)

    @api.model
    def _get_restored_domain(self, since):
        """What waited when the backup was made, which was restored at ``since``, and
        may have gone out before the restoration."""
        return [*self._get_due_domain(), ("create_date", "<=", since)]

    def _set_restored_aside(self):
        """Nobody knows whether ``self`` went out: as if a worker had died over them.

        Gateways are asked by number; what cannot be asked for stays for a person.
        """
        for message in self:
            message.write({"state": "sending", "sending_since": message.scheduled_at})
            if reason := message._get_drop_reason(self.env.cr.now()):
                message._drop(reason)
            else:
                message._fill()
            if message.state != "sending":
                continue
            message._prepare_call(message.company_id._get_sms_gateways())
            message.write(
                {"state": "uncertain", "reason": "restored", **self._plan_question(0)}
            )

    def _set_rewritten_aside(self):
        """The clinic that was lost may have written and sent the same, by a number
        that nobody knows: no service can be asked, a person sends them again."""
        return self.write({"state": "uncertain", "reason": "restored"})

    @api.model
    def _mark_uncertain(self):
        """Messages whose worker died between the call and its result."""
        lost = self.search(
            [
                ("state", "=", "sending"),
                ("sending_since", "<", self.env.cr.now() - SENDING_LASTS),
            ]
        )
        lost.write(
            {"state": "uncertain", "reason": "interrupted", **self._plan_question(0)}
        )
