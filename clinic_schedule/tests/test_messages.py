from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import ScheduleCommon


@tagged("post_install", "-at_install")
class TestMessages(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.messages = cls.env["clinic.message"]

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_schedule.ir_cron_process_outbox"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def get_message(self, visit, purpose="booked"):
        return self.messages.search(
            [("appointment_id", "=", visit.id), ("purpose", "=", purpose)]
        )

    def test_the_cron_sends_each_message_once(self):
        message = self.get_message(self.book("09:00"))
        sent = []

        def call(one):
            sent.append(one.key)
            return {"state": "sent", "gateway": "test"}

        with patch.object(type(self.messages), "_call_gateway", call):
            self.run_cron()
            self.run_cron()
        self.assertEqual(sent.count(message.key), 1)
        self.assertEqual(message.state, "sent")

    def test_one_bad_message_never_stops_the_rest(self):
        bad, good = self.book("09:00"), self.book("10:00", patient=self.other_patient)
        self.other_patient.phone = "+79161234568"

        def call(one):
            if one.appointment_id == bad:
                raise TimeoutError
            return {"state": "sent"}

        with patch.object(type(self.messages), "_call_gateway", call):
            self.run_cron()
        self.assertEqual(self.get_message(bad).state, "uncertain")
        self.assertEqual(self.get_message(good).state, "sent")

    def test_a_patient_who_wants_none_gets_none(self):
        self.patient.preferred_channel = "none"
        message = self.get_message(self.book("09:00"))
        message._fill()
        self.assertEqual(message.state, "cancelled")

    def test_texts_are_in_the_patients_language_and_branch_time(self):
        self.patient.lang = "en_US"
        message = self.get_message(self.book("09:00"))
        message._fill()
        self.assertIn("9:00", message.body)
        self.assertIn("2 March", message.body)

    def test_the_same_key_is_written_once(self):
        row = {"key": "one", "patient_id": self.patient.id}
        self.assertTrue(self.messages._enqueue("booked", [row]))
        self.assertFalse(self.messages._enqueue("booked", [row]))

    def test_templates_know_their_placeholders(self):
        template = self.env.ref("clinic_schedule.clinic_message_template_booked_sms")
        for body in ("{diagnosis}", "{date.__class__}", "{date!r}", "{"):
            with self.assertRaises(ValidationError):
                template.body = body
