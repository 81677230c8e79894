import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, models

from ...tools.sms_answers import STOP, UNCLEAR, read_answer

_logger = logging.getLogger(__name__)

# Read once more each time: clocks differ, and providers list a message late.
OVERLAP = timedelta(hours=1)
LONGEST_LOOK_BACK = timedelta(days=7)
BATCH = 100
NEW = [("state", "=", "new")]


class ClinicSmsAccount(models.Model):
    """Replies are read from the provider itself; a notice of one only wakes the job."""

    _inherit = "clinic.sms.account"

    def _wake_reading(self):
        """A notice of a reply has come; anybody may have written it."""
        if self.takes_replies:
            self.env.ref("clinic_message.ir_cron_read_replies")._trigger()

    def _read_replies(self, gateway):
        """Keep what patients have sent since the last time, and a little before."""
        now = self.env.cr.now()
        since = (self.replies_read_at or now) - OVERLAP
        replies = gateway.read_replies(max(since, now - LONGEST_LOOK_BACK))
        if replies is not None:
            self.env["clinic.message.reply"]._note(self, replies)
            self.replies_read_at = now


class ClinicMessageReply(models.Model):
    """Replies read and understood; what they answer is said by who asked."""

    _inherit = "clinic.message.reply"

    @api.model
    def _cron_read(self):
        """Read all gateways that take replies, then deal with what is new."""
        cron = self.env["ir.cron"]
        accounts = self.env["clinic.sms.account"].search([("takes_replies", "=", True)])
        accounts = accounts.filtered("can_take_replies")
        cron._commit_progress(remaining=len(accounts))
        for account, gateway in accounts._get_gateways().items():
            account._read_replies(gateway)
            if not cron._commit_progress(1):
                return
        self._process()

    @api.model
    def _process(self):
        """Deal with new replies, the oldest first; one at a time, each committed."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(NEW))
        for reply in self.search(NEW, order="id", limit=BATCH):
            try:
                with self.env.cr.savepoint():
                    # Another worker may be at it, or through with it already.
                    reply.try_lock_for_update().filtered_domain(NEW)._follow()
            except OperationalError:
                # Somebody else changed the same just now: the next run tries again.
                self.env.cr.rollback()
                self.env.invalidate_all()
                cron._commit_progress(remaining=1)
                continue
            except Exception as error:
                _logger.warning("Reply %s: %s", reply.id, type(error).__name__)
                reply._leave("broken")
            if not cron._commit_progress(1):
                return

    def _follow(self):
        """Do what the reply says, or leave it to a person."""
        if not self:
            return
        self.answer = read_answer(self.body or "", self._get_phrases())
        owners = self._find_owners([self.number]).get(self.number)
        patients = owners and self._filtered_answered_for(owners)
        if not owners:
            self._leave("stranger")
        elif not patients:
            self._leave("of_age")
        elif self.answer == "stop":
            self._stop_messages(patients)
        else:
            self._answer_question(patients)

    def _filtered_answered_for(self, patients):
        """Those of ``patients`` for whom this number answers: who is not told of
        visits there any more does not answer for them either."""
        phones = patients.phone_ids.filtered(
            lambda phone: phone.number_e164 == self.number
        )
        return phones._filtered_tellable().patient_id

    @api.model
    def _get_phrases(self):
        """Hook: {whole message, letters folded: kind of answer}."""
        return STOP

    def _answer_question(self, _patients):
        """Hook: follow an answer, or leave it; whoever has asked nothing calls super.

        :param _patients: who have the number, one or several
        """
        self._leave("unclear" if self.answer == UNCLEAR else "unasked")

    def _stop_messages(self, patients):
        """No more messages to those whom they reach by this number."""
        reached = patients.filtered(
            lambda patient: (
                patient.preferred_channel == "sms"
                and patient.phone_ids[:1].number_e164 == self.number
            )
        )
        reached.preferred_channel = "none"
        self.state = "done"

    def _leave(self, reason):
        """Nothing is done; a person reads it."""
        self.write({"state": "review", "reason": reason})
