"""Two workers deal with replies at the same moment."""

from datetime import datetime

from odoo.tests import tagged

from odoo.addons.clinic_message.tools.sms_gateway import Reply

from ..parallel import ParallelCase

PHONE = "+79169876543"


@tagged("post_install", "-at_install")
class TestTwoReaders(ParallelCase):
    tables = ("clinic_message_reply", "clinic_sms_account")

    def setUp(self):
        super().setUp()
        with self.open() as env:
            patient = env["clinic.patient"].browse(self.patients[0])
            if not patient.phone_ids:
                patient.phone_ids = [(0, 0, {"number_e164": PHONE})]
            minutes = 60 * len(
                env["clinic.message"].search([("recipient", "=", PHONE)])
            )
            self.visit = env["clinic.appointment"].book(self.prepare(minutes=minutes))
            visit = env["clinic.appointment"].browse(self.visit)
            visit._notify_patient("reminder")
            env["clinic.message"].search(
                [("appointment_id", "=", visit.id), ("purpose", "=", "reminder")]
            ).write(
                {
                    "state": "sent",
                    "channel": "sms",
                    "recipient": PHONE,
                    "sending_since": datetime.now(),
                }
            )
            self.account = (
                env["clinic.sms.account"]
                .create({"name": "Race", "company_id": visit.company_id.id})
                .id
            )

    def tearDown(self):
        with self.open() as env:
            visit = env["clinic.appointment"].browse(self.visit)
            if visit.state != "cancelled":
                visit.cancel(self.reason)
        super().tearDown()

    def keep(self, env, *replies):
        account = env["clinic.sms.account"].browse(self.account)
        env["clinic.message.reply"]._note(account, replies)
        return True

    def process_together(self, workers):
        self.run_together(
            [lambda env: env["clinic.message.reply"]._process()] * workers
        )
        with self.open() as env:
            # What lost the race is dealt with by the next run.
            env["clinic.message.reply"]._process()

    def read(self):
        with self.open() as env:
            replies = env["clinic.message.reply"].search(
                [("account_id", "=", self.account)]
            )
            moves = env["clinic.appointment.log"].search(
                [("appointment_id", "=", self.visit), ("event", "=", "state")]
            )
            return replies.mapped("state"), moves.mapped("new")

    def test_one_message_read_by_two_is_kept_and_followed_once(self):
        reply = Reply("1", PHONE, "нет")
        self.run_together([lambda env: self.keep(env, reply)] * 4)
        self.process_together(4)
        states, moves = self.read()
        self.assertEqual(states, ["done"])
        self.assertEqual(moves.count("cancelled"), 1)

    def test_two_same_answers_confirm_once(self):
        with self.open() as env:
            self.keep(env, Reply("1", PHONE, "да"), Reply("2", PHONE, "да"))
        self.process_together(3)
        states, moves = self.read()
        self.assertEqual(states, ["done", "done"])
        self.assertEqual(moves.count("confirmed"), 1)

    def test_a_reply_and_the_desk_never_both_decide(self):
        with self.open() as env:
            self.keep(env, Reply("1", PHONE, "да"))

        def cancel(env):
            return env["clinic.appointment"].browse(self.visit).cancel(self.reason)

        def process(env):
            return env["clinic.message.reply"]._process()

        self.run_together([cancel, process])
        with self.open() as env:
            env["clinic.message.reply"]._process()
        states, moves = self.read()
        state = "done" if "confirmed" in moves else "review"
        self.assertEqual(states, [state])
        self.assertLessEqual(len(moves), 2)
