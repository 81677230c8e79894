"""A patient is reminded of a visit and answers by SMS."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from odoo.addons.clinic_message.tests.common import PaperGateway
from odoo.addons.clinic_message.tools.sms_answers import read_answer
from odoo.addons.clinic_message.tools.sms_gateway import Reply

from ...tools.visit_answers import PHRASES
from ..common import MONDAY
from .common import VisitMessageCommon

PHONE = "+79161234567"


@tagged("at_install", "-post_install", "standard")
class TestVisitAnswers(BaseCase):
    def assert_read(self, answer, *texts):
        for text in texts:
            self.assertEqual(read_answer(text, PHRASES), answer, text)

    def test_a_yes_in_all_its_forms(self):
        self.assert_read("confirm", "да", "Да!", " ДА. ", "да да", "1", "1.", "+")
        self.assert_read("confirm", "yes", "Ok", "Да, приду 🙂", "придём", "ОК")

    def test_a_no_in_all_its_forms(self):
        self.assert_read("cancel", "нет", "Нет.", "отмена", "no", "2", "не приду!")

    def test_anything_more_needs_a_person(self):
        self.assert_read("unclear", "", " ", "👍", "да, но опоздаю", "нет?", "да нет")
        self.assert_read("unclear", "12", "+1", "не отменяйте", "не да", "стоп нет")


@tagged("post_install", "-at_install")
class TestVisitReplies(VisitMessageCommon):
    def setUp(self):
        super().setUp()
        PaperGateway.inbox.clear()
        self.replies = self.env["clinic.message.reply"]
        self.visit = self.book("09:00")
        self.remind(self.visit)

    def remind(self, visits):
        visits._notify_patient("reminder")
        self.run_cron()

    def receive(self, text, number=PHONE):
        inbox = PaperGateway.inbox
        inbox.append(Reply(str(len(inbox)), number, text))

    def say(self, text, number=PHONE):
        """Somebody writes to the clinic's number; returns the reply as it was kept."""
        self.receive(text, number)
        self.read()
        return self.replies.search([], limit=1)

    def read(self):
        self.run_cron("read_replies")

    def assert_left(self, reply, reason, visit=None):
        self.assertEqual((reply.state, reply.reason), ("review", reason))
        self.assertEqual((visit or self.visit).state, "booked")

    @contextmanager
    def later(self, delta):
        """Both clocks go on by ``delta``."""
        moment = self.env.cr.now() + delta
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield

    def test_a_yes_confirms_the_visit(self):
        reply = self.say("Да!")
        self.assertEqual((reply.answer, reply.state), ("confirm", "done"))
        self.assertEqual(reply.appointment_id, self.visit)
        self.assertEqual(reply.patient_ids, self.patient)
        self.assertEqual(self.visit.state, "confirmed")

    def test_a_no_cancels_it_as_the_link_does(self):
        reply = self.say("2")
        self.assertEqual((reply.answer, reply.state), ("cancel", "done"))
        self.assertEqual(self.visit.state, "cancelled")
        reason = self.env.ref("clinic_base.cancel_reason_patient")
        self.assertEqual(self.visit.cancel_reason_id, reason)

    def test_who_has_confirmed_may_still_cancel(self):
        self.say("да")
        self.say("нет")
        self.assertEqual(self.visit.state, "cancelled")

    def test_the_same_answer_twice_changes_nothing_and_bothers_nobody(self):
        for text, state in (("да", "confirmed"), ("нет", "cancelled")):
            for _twice in range(2):
                self.assertEqual(self.say(text).state, "done")
                self.assertEqual(self.visit.state, state)

    def test_a_yes_after_a_no_needs_a_person(self):
        self.say("нет")
        reply = self.say("да")
        self.assertEqual((reply.state, reply.reason), ("review", "late"))
        self.assertEqual(self.visit.state, "cancelled")

    def test_an_offered_time_is_taken_by_a_yes(self):
        self.visit.cancel(self.reason.id)
        request = self.env["clinic.booking.request"].create(
            {
                "patient_id": self.patient.id,
                "service_id": self.service.id,
                "origin": "waiting",
                "due_from": MONDAY,
                "due_to": MONDAY,
            }
        )
        request._offer()
        self.run_cron()
        self.assertEqual(self.say("1").state, "done")
        self.assertEqual((request.state, request.appointment_id.state), ("booked",) * 2)

    def test_at_night_the_answer_counts_and_the_patient_is_let_sleep(self):
        far = self.book("11:00", patient=self.other_patient)
        self.other_patient.phone_ids = [
            (0, 0, {"number_e164": "+79161234568", "primary": True})
        ]
        self.remind(far)
        with self.later(timedelta(hours=14)):
            self.say("нет", "+79161234568")
            self.assertEqual(far.state, "cancelled")
            self.run_cron()
            told = self.messages.search(
                [("appointment_id", "=", far.id), ("purpose", "=", "cancelled")]
            )
            self.assertEqual(told.state, "queued")
            self.assertGreater(told.scheduled_at, self.env.cr.now())

    def test_an_unknown_number_changes_nothing(self):
        self.assert_left(self.say("нет", "+79990000000"), "stranger")

    def test_a_number_that_has_left_the_card_changes_nothing(self):
        self.patient.phone_ids.write(
            {"active": False, "archive_reason": "Somebody else's now"}
        )
        self.assert_left(self.say("нет"), "stranger")

    def test_a_relative_does_not_answer_for_whom_visits_are_the_own_secret(self):
        today = self.env.company._get_clinic_today()
        self.patient.birthdate = today.replace(year=today.year - 15, day=1)
        self.patient.phone_ids.write({"owner": "relative", "note": "Mother"})
        self.assert_left(self.say("нет"), "of_age")
        self.patient.birthdate = today.replace(year=today.year - 14, day=1)
        self.assertEqual(self.say("нет").state, "done")
        self.assertEqual(self.visit.state, "cancelled")

    def test_an_unclear_text_changes_nothing(self):
        for text in ("Нет, не отменяйте!", "нет?", "Опоздаю", "", "👍"):
            self.assert_left(self.say(text), "unclear")

    def test_a_late_answer_changes_nothing(self):
        self.read()
        self.receive("нет")
        with self.later(self.visit.start - self.env.cr.now()):
            self.read()
            self.assert_left(self.replies.search([]), "late")

    def test_an_answer_about_the_old_hour_changes_nothing(self):
        self.visit.reschedule(str(self.at(MONDAY, "10:00")))
        self.assert_left(self.say("нет"), "moved")

    def test_two_visits_asked_about_need_a_person(self):
        second = self.book("10:00", specialist=self.create_second())
        self.remind(second)
        for text in ("да", "нет"):
            reply = self.say(text)
            self.assert_left(reply, "several")
            self.assertEqual(second.state, "booked")
            self.assertFalse(reply.appointment_id)

    def test_a_yes_speaks_of_the_visit_that_is_not_confirmed_yet(self):
        self.say("да")
        second = self.book("10:00", specialist=self.create_second())
        self.remind(second)
        self.say("да")
        self.assertEqual(second.state, "confirmed")
        self.assertEqual(self.say("нет").reason, "several")

    def test_a_message_that_asked_nothing_is_no_question(self):
        other = self.create_patient("Petr Petrov", phone="+79161234569")
        visit = self.book("11:00", patient=other)
        self.run_cron()
        self.assert_left(self.say("нет", "+79161234569"), "unasked", visit)

    def test_an_old_question_is_none_any_more(self):
        question = self.messages.search([("purpose", "=", "reminder")])
        question.sending_since -= timedelta(days=8)
        self.assert_left(self.say("нет"), "unasked")

    def test_a_visit_that_does_not_allow_it_needs_a_person(self):
        def refuse(_visit, _reason):
            raise self.env["clinic.appointment"]._prepare_length_error()

        self.patch(type(self.visits), "_cancel", refuse)
        self.assert_left(self.say("нет"), "refused")

    def test_the_mother_answers_for_the_child(self):
        child = self.create_patient("Olga Ivanova")
        child.phone_ids = [(0, 0, {"number_e164": PHONE, "owner": "relative"})]
        self.visit.cancel(self.reason.id)
        visit = self.book("10:00", patient=child)
        self.remind(visit)
        reply = self.say("да")
        self.assertEqual(visit.state, "confirmed")
        self.assertEqual(reply.patient_ids, self.patient | child)

    def test_stop_ends_all_messages_to_the_number_and_cancels_nothing(self):
        reply = self.say("СТОП")
        self.assertEqual((reply.answer, reply.state), ("stop", "done"))
        self.assertEqual(self.patient.preferred_channel, "none")
        self.assertEqual(self.visit.state, "booked")

    def test_reminders_say_that_one_can_answer_only_if_one_can(self):
        hint = "Or answer this message: 1 = yes, 2 = no."
        self.patient.lang = "en_US"
        for takes_replies, clock in ((True, "10:00"), (False, "11:00")):
            self.account.takes_replies = takes_replies
            self.visit.reschedule(str(self.at(MONDAY, clock)))
            self.remind(self.visit)
            last = self.messages.search([("purpose", "=", "reminder")], limit=1)
            self.assertEqual(hint in last.body, takes_replies)
            self.assertEqual(last.body, last.body.strip())

    def create_second(self):
        self.create_shift(self.other_specialist)
        return self.other_specialist
