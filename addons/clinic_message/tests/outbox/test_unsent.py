"""Where nobody sends, nothing says that it was sent."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ..common import NOW, MessageCommon


@tagged("post_install", "-at_install")
class TestUnsent(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["clinic.sms.account"].search([]).archive_with_reason("Test")
        cls.env["ir.mail_server"].search([]).active = False
        cls.clerk = new_test_user(
            cls.env, "unsent_clerk", groups="clinic_base.group_registrar"
        )

    def leave_unsent(self, **vals):
        message = self.queue(**vals)
        self.run_cron()
        self.assertEqual(message.state, "unsent")
        return message

    def test_without_a_gateway_the_outbox_keeps_each_message_unsent(self):
        message = self.leave_unsent()
        self.run_cron()
        self.assertEqual((message.state, message.gateway), ("unsent", False))
        self.assertEqual(message.body, "Ваш визит завтра", "it can be read")
        self.assertEqual(message.attempts, 0)

    def test_without_a_mail_server_an_email_is_unsent(self):
        message = self.leave_unsent(channel="email", recipient="a@example.com")
        self.assertFalse(message.gateway)

    def test_an_account_that_only_collects_sends_nothing(self):
        self.env["clinic.sms.account"].create(
            {"name": "Only here", "company_id": self.branch.company_id.id}
        )
        self.leave_unsent()

    def test_whoever_may_sends_on_once_there_is_a_gateway(self):
        message = self.leave_unsent()
        with self.assertRaises(UserError):
            message.with_user(self.clerk).action_send_on()
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        self.run_cron()
        self.assertEqual(message.state, "unsent", "nothing leaves by itself")
        message.with_user(self.clerk).action_send_on()
        self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_old_news_are_not_sent_on(self):
        message = self.leave_unsent()
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        self.travel(NOW + timedelta(days=4))
        message.action_send_on()
        self.run_cron()
        self.assertEqual((message.state, message.reason), ("cancelled", "late"))

    def test_the_text_says_what_is_true_when_it_is_sent_on(self):
        self.create_template("{branch}")
        message = self.tell()
        self.run_cron()
        self.assertEqual((message.state, message.body), ("unsent", "North"))
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        self.branch.name = "South"
        with patch.object(type(message), "_is_written", lambda one: not one.patient_id):
            message.action_send_on()
        self.run_cron()
        self.assertEqual((message.state, message.body), ("sent", "South"))

    def test_a_gateway_of_one_company_sends_nothing_on_for_another(self):
        other = self.env["res.company"].create({"name": "Other"})
        branch = self.env["clinic.branch"].create(
            {"name": "Theirs", "tz": self.tz, "company_id": other.id}
        )
        own, theirs = self.leave_unsent(), self.leave_unsent(branch_id=branch.id)
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        (own | theirs).action_send_on()
        self.assertEqual((own.state, theirs.state), ("queued", "unsent"))

    def test_only_what_waits_for_a_gateway_is_sent_on(self):
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        message = self.queue()
        for state in ("queued", "sending", "sent", "uncertain", "cancelled"):
            message.state = state
            with self.assertRaises(UserError):
                message.action_send_on()
            self.assertEqual(message.state, state)

    def test_who_does_not_see_messages_does_not_send_them_on(self):
        message = self.leave_unsent()
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        doctor = new_test_user(self.env, "doctor", groups="clinic_base.group_medical")
        with self.assertRaises(AccessError):
            message.with_user(doctor).action_send_on()

    def test_the_doctor_counts_what_was_not_sent(self):
        faults = self.messages._find_faults()
        self.leave_unsent()
        self.assertNotEqual(self.messages._find_faults(), faults)
        self.assertIn("not sent", " ".join(self.messages._find_faults()))
