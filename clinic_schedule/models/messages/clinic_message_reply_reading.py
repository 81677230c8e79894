import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.sms_answers import read_answer
from ..telling.clinic_appointment_reminder import WITH_LINK

_logger = logging.getLogger(__name__)

# A question that is older is no question any more.
ASKED_WITHIN = timedelta(days=7)
HANDED_OVER = ("sending", "sent", "delivered", "uncertain")
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
            self.env.ref("clinic_schedule.ir_cron_read_replies")._trigger()

    def _read_replies(self, gateway):
        """Keep what patients have sent since the last time, and a little before."""
        now = self.env.cr.now()
        since = (self.replies_read_at or now) - OVERLAP
        replies = gateway.read_replies(max(since, now - LONGEST_LOOK_BACK))
        if replies is not None:
            self.env["clinic.message.reply"]._note(self, replies)
            self.replies_read_at = now


class ClinicMessageReply(models.Model):
    """Replies read and understood: the visit is confirmed or cancelled as by its link.

    A question is the last message with a link that went to this very number, for a
    patient who still has it, about a visit that is still to come. With two such visits
    nobody can say which one is meant.
    """

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
                    reply.try_lock_for_update().filtered_domain(NEW)._answer_visit()
            except OperationalError:
                # Somebody else changed the visit just now: the next run tries again.
                self.env.cr.rollback()
                self.env.invalidate_all()
                cron._commit_progress(remaining=1)
                continue
            except Exception as error:
                _logger.warning("Reply %s: %s", reply.id, type(error).__name__)
                reply._leave("broken")
            if not cron._commit_progress(1):
                return

    def _answer_visit(self):
        """Do what the reply says, or leave it to a person."""
        if not self:
            return
        self.answer = read_answer(self.body or "")
        patients = self._find_owners([self.number]).get(self.number)
        if not patients:
            self._leave("stranger")
        elif self.answer == "stop":
            self._stop_messages(patients)
        else:
            self._answer_question(self._find_questions(patients))

    def _find_questions(self, patients):
        """The last question about each visit, the newest first."""
        asked = self.env["clinic.message"].search(
            [
                ("recipient", "=", self.number),
                ("channel", "=", "sms"),
                ("purpose", "in", list(WITH_LINK)),
                ("state", "in", HANDED_OVER),
                ("sending_since", ">=", self.env.cr.now() - ASKED_WITHIN),
                ("patient_id", "in", patients.ids),
                ("appointment_id", "!=", False),
            ],
            order="sending_since desc, id desc",
        )
        last = {}
        for message in asked:
            last.setdefault(message.appointment_id, message)
        return self.env["clinic.message"].concat(*last.values())

    def _answer_question(self, questions):
        still_open = questions.filtered(lambda question: _get_link(question)._is_open())
        meant = self._narrow(still_open)
        told = meant or questions
        if len(told) == 1:
            self.write(
                {"message_id": told.id, "appointment_id": told.appointment_id.id}
            )
        if self._changes_nothing(meant, told):
            self.state = "done"
        elif obstacle := self._get_obstacle(questions, meant):
            self._leave(obstacle)
        else:
            self._use_link(_get_link(meant))

    def _narrow(self, still_open):
        """A “yes” speaks of visits that are not confirmed yet, where there are any."""
        if self.answer != "confirm":
            return still_open
        return still_open.filtered(_is_unconfirmed) or still_open

    def _changes_nothing(self, meant, told):
        """Whether it says once more what has been followed already."""
        if self.answer == "confirm":
            return bool(meant) and not meant.filtered(_is_unconfirmed)
        if self.answer != "cancel" or meant or len(told) != 1:
            return False
        last = self.search(
            [("message_id", "=", told.id), ("state", "=", "done")], limit=1
        )
        return last.answer == "cancel"

    def _get_obstacle(self, questions, meant):
        """Why a person has to read the reply; None if nothing is in the way."""
        if self.answer == "unclear":
            return "unclear"
        if not questions:
            return "unasked"
        if not meant:
            return "late"
        if len(meant) > 1:
            return "several"
        return None if meant._is_about_present_time() else "moved"

    def _use_link(self, link):
        """The patient's own answer, with all the rules of the link in the message."""
        try:
            with self.env.cr.savepoint():
                link._answer(self.answer)
        except UserError:
            self._leave("refused")
        else:
            self.state = "done"

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


def _get_link(question):
    """The rules of the link, whether or not the message had one; never saved."""
    visit = question.appointment_id
    return question.env["clinic.visit.link"].new({"appointment_id": visit.id})


def _is_unconfirmed(question):
    return question.appointment_id.state != "confirmed"
