"""What holds for every provider that takes messages of patients."""

from datetime import timedelta

PHONE = "+79161234567"


class GatewayReplies:
    """Comes before GatewayCommon and HttpCase among the bases of a provider's tests.

    Somebody writes to the clinic's number; what is done about it is tested elsewhere.
    """

    def setUp(self):
        super().setUp()
        self.account.takes_replies = True
        self.replies = self.env["clinic.message.reply"]

    def say(self, text, number=PHONE):
        """Somebody writes to the clinic's number; returns the reply as it was kept."""
        notice = self.fake.receive(number, text)
        self.notify(notice)
        self.read()
        return self.replies.search([], limit=1)

    def notify(self, notice, token=None):
        """The provider posts ``notice`` in its own form."""
        path = f"/clinic/sms/report/{token or self.account._get_token()}"
        return self.url_open(path, **{self.fake.posts: notice})

    def make_report(self, ref):
        return {"id": ref, "status": "1"}

    def read(self):
        self.run_cron("read_replies")

    def is_woken(self):
        cron = self.env.ref("clinic_message.ir_cron_read_replies")
        return bool(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        )

    def assert_left(self, reply, reason):
        self.assertEqual((reply.state, reply.reason), ("review", reason))
        self.assertEqual(self.patient.preferred_channel, "sms")

    def assert_stopped(self):
        self.assertEqual(self.patient.preferred_channel, "none")

    # === DOUBLES AND FORGERIES === #

    def test_a_notice_and_a_list_told_twice_are_one_reply(self):
        notice = self.fake.receive(PHONE, "да")
        for _twice in range(2):
            self.notify(notice)
            self.read()
        self.assertEqual(len(self.replies.search([])), 1)

    def test_a_reply_whose_notice_was_lost_is_read_all_the_same(self):
        self.fake.receive(PHONE, "стоп")
        self.read()
        self.assert_stopped()

    def test_a_notice_is_not_believed(self):
        notice = self.fake.receive(PHONE, "стоп")
        self.fake.forget_replies()
        self.notify(notice)
        self.assertTrue(self.is_woken())
        self.read()
        self.assertFalse(self.replies.search([]))
        self.assertEqual(self.patient.preferred_channel, "sms")

    def test_a_wrong_secret_wakes_nobody_and_learns_nothing(self):
        right = self.notify(self.fake.receive(PHONE, "да")).text
        self.env["ir.cron.trigger"].search([]).unlink()
        answer = self.notify(self.fake.receive(PHONE, "нет"), token="guess")
        self.assertEqual((answer.status_code, answer.text), (200, right))
        self.assertFalse(self.is_woken())

    def test_a_delivery_report_wakes_no_reading(self):
        message = self.queue()
        self.process()
        self.env["ir.cron.trigger"].search([]).unlink()
        self.notify(self.make_report(message.gateway_ref))
        self.assertFalse(self.is_woken())

    def test_a_gateway_that_takes_no_replies_is_not_read(self):
        self.account.takes_replies = False
        self.notify(self.fake.receive(PHONE, "нет"))
        self.read()
        self.assertFalse(self.replies.search([]))

    def test_a_gateway_that_does_not_answer_is_read_the_next_time(self):
        self.fake.receive(PHONE, "стоп")
        self.account.secret = "wrong"
        self.read()
        self.assertFalse(self.account.replies_read_at)
        self.account.secret = "open sesame"
        with self.later(timedelta(minutes=10)):
            self.read()
        self.assert_stopped()

    # === WHAT A PERSON HAS TO READ === #

    def test_an_unknown_number_changes_nothing(self):
        self.assert_left(self.say("стоп", "+79990000000"), "stranger")

    def test_a_number_that_has_left_the_card_changes_nothing(self):
        self.patient.phone_ids.write(
            {"active": False, "archive_reason": "Somebody else's now"}
        )
        self.assert_left(self.say("стоп"), "stranger")

    def test_an_unclear_text_changes_nothing(self):
        for text in ("Нет, не отменяйте!", "стоп?", "Опоздаю", "", "👍"):
            self.assert_left(self.say(text), "unclear")

    def test_stop_ends_all_messages_to_the_number(self):
        reply = self.say("СТОП")
        self.assertEqual((reply.answer, reply.state), ("stop", "done"))
        self.assertEqual(reply.patient_ids, self.patient)
        self.assert_stopped()

    # === SECRECY === #

    def test_the_text_is_in_no_log(self):
        with self.assertLogs("odoo", "INFO") as logs:
            self.say("Температура 39, не приду")
        for secret in ("Температура", "79161234567"):
            self.assertNotIn(secret, "\n".join(logs.output))
