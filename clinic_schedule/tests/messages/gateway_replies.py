"""What holds for every provider that takes messages of patients."""

from datetime import timedelta

from ..common import MONDAY

PHONE = "+79161234567"


class GatewayReplies:
    """Comes before GatewayCommon and HttpCase among the bases of a provider's tests.

    A patient is reminded of a visit and answers.
    """

    def setUp(self):
        super().setUp()
        self.account.takes_replies = True
        self.replies = self.env["clinic.message.reply"]
        self.visit = self.book("09:00")
        self.remind(self.visit)

    def remind(self, visits):
        visits._notify_patient("reminder")
        self.process()

    def say(self, text, number=PHONE):
        """Somebody writes to the clinic's number; returns the reply as it was kept."""
        notice = self.fake.receive(number, text)
        self.tell(notice)
        self.read()
        return self.replies.search([], limit=1)

    def tell(self, notice, token=None):
        """The provider posts ``notice`` in its own form."""
        path = f"/clinic/sms/report/{token or self.account._get_token()}"
        return self.url_open(path, **{self.fake.posts: notice})

    def make_report(self, ref):
        return {"id": ref, "status": "1"}

    def read(self):
        self.run_cron("read_replies")

    def is_woken(self):
        cron = self.env.ref("clinic_schedule.ir_cron_read_replies")
        return bool(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def assert_left(self, reply, reason, visit=None):
        self.assertEqual((reply.state, reply.reason), ("review", reason))
        self.assertEqual((visit or self.visit).state, "booked")

    # === ANSWERS === #

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
        self.process()
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
            self.process()
            told = self.messages.search(
                [("appointment_id", "=", far.id), ("purpose", "=", "cancelled")]
            )
            self.assertEqual(told.state, "queued")
            self.assertGreater(told.scheduled_at, self.env.cr.now())

    # === DOUBLES AND FORGERIES === #

    def test_a_notice_and_a_list_told_twice_are_one_reply(self):
        notice = self.fake.receive(PHONE, "да")
        for _twice in range(2):
            self.tell(notice)
            self.read()
        self.assertEqual(len(self.replies.search([])), 1)

    def test_a_reply_whose_notice_was_lost_is_read_all_the_same(self):
        self.fake.receive(PHONE, "да")
        self.read()
        self.assertEqual(self.visit.state, "confirmed")

    def test_a_notice_is_not_believed(self):
        notice = self.fake.receive(PHONE, "нет")
        self.fake.forget_replies()
        self.tell(notice)
        self.assertTrue(self.is_woken())
        self.read()
        self.assertFalse(self.replies.search([]))
        self.assertEqual(self.visit.state, "booked")

    def test_a_wrong_secret_wakes_nobody_and_learns_nothing(self):
        right = self.tell(self.fake.receive(PHONE, "да")).text
        self.env["ir.cron.trigger"].search([]).unlink()
        answer = self.tell(self.fake.receive(PHONE, "нет"), token="guess")
        self.assertEqual((answer.status_code, answer.text), (200, right))
        self.assertFalse(self.is_woken())

    def test_a_delivery_report_wakes_no_reading(self):
        self.env["ir.cron.trigger"].search([]).unlink()
        self.tell(self.make_report(self.messages.search([], limit=1).gateway_ref))
        self.assertFalse(self.is_woken())

    def test_a_gateway_that_takes_no_replies_is_not_read(self):
        self.account.takes_replies = False
        self.tell(self.fake.receive(PHONE, "нет"))
        self.read()
        self.assertFalse(self.replies.search([]))

    def test_a_gateway_that_does_not_answer_is_read_the_next_time(self):
        self.fake.receive(PHONE, "да")
        self.account.secret = "wrong"
        self.read()
        self.assertFalse(self.account.replies_read_at)
        self.account.secret = "open sesame"
        with self.later(timedelta(minutes=10)):
            self.read()
        self.assertEqual(self.visit.state, "confirmed")

    # === WHAT A PERSON HAS TO READ === #

    def test_an_unknown_number_changes_nothing(self):
        self.assert_left(self.say("нет", "+79990000000"), "stranger")

    def test_a_number_that_has_left_the_card_changes_nothing(self):
        self.patient.phone_ids.write(
            {"active": False, "archive_reason": "Somebody else's now"}
        )
        self.assert_left(self.say("нет"), "stranger")

    def test_an_unclear_text_changes_nothing(self):
        for text in ("Нет, не отменяйте!", "нет?", "Опоздаю", "", "👍"):
            self.assert_left(self.say(text), "unclear")

    def test_a_late_answer_changes_nothing(self):
        self.read()
        self.fake.receive(PHONE, "нет")
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
        self.process()
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

    # === FAMILIES AND REFUSALS === #

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

    # === SECRECY === #

    def test_the_text_is_in_no_log(self):
        with self.assertLogs("odoo", "INFO") as logs:
            self.say("Температура 39, не приду")
        for secret in ("Температура", "79161234567"):
            self.assertNotIn(secret, "\n".join(logs.output))

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
