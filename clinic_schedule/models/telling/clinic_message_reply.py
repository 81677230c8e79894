from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.visit_answers import PHRASES

# A question that is older is no question any more.
ASKED_WITHIN = timedelta(days=7)
HANDED_OVER = ("sending", "sent", "delivered", "uncertain")


class ClinicMessageReply(models.Model):
    """A visit is confirmed or cancelled by a reply, as by its link.

    A question is the last message with a link that went to this very number, for a
    patient who still has it, about a visit that is still to come. With two such visits
    nobody can say which one is meant.
    """

    _inherit = "clinic.message.reply"

    answer = fields.Selection(
        selection_add=[
            ("confirm", "Will come"),
            ("cancel", "Cancels"),
            ("stop",),
            ("unclear",),
        ]
    )
    reason = fields.Selection(
        selection_add=[
            ("several", "Several visits were asked about"),
            ("moved", "The visit has moved since"),
            ("late", "Too late: the visit has begun or is off"),
            ("refused", "The visit does not allow it"),
        ]
    )
    appointment_id = fields.Many2one(
        "clinic.appointment", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    @api.model
    def _get_phrases(self):
        return super()._get_phrases() | PHRASES

    def _answer_question(self, patients):
        questions = self._find_questions(patients)
        if not questions:
            return super()._answer_question(patients)
        still_open = questions.filtered(lambda question: _get_link(question)._is_open())
        meant = self._narrow(still_open)
        told = meant or questions
        if len(told) == 1:
            self.write(
                {"message_id": told.id, "appointment_id": told.appointment_id.id}
            )
        if self._changes_nothing(meant, told):
            self.state = "done"
        elif obstacle := self._get_obstacle(meant):
            self._leave(obstacle)
        else:
            self._use_link(_get_link(meant))
        return None

    def _find_questions(self, patients):
        """The last question about each visit, the newest first."""
        messages = self.env["clinic.message"]
        kinds = messages._get_visit_kinds().items()
        asked = messages.search(
            [
                ("recipient", "=", self.number),
                ("channel", "=", "sms"),
                ("purpose", "in", [purpose for purpose, kind in kinds if kind.asks]),
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
        return messages.concat(*last.values())

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

    def _get_obstacle(self, meant):
        """Why a person has to read the reply; None if nothing is in the way."""
        if self.answer == "unclear":
            return "unclear"
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


def _get_link(question):
    """The rules of the link, whether or not the message had one; never saved."""
    visit = question.appointment_id
    return question.env["clinic.visit.link"].new({"appointment_id": visit.id})


def _is_unconfirmed(question):
    return question.appointment_id.state != "confirmed"
