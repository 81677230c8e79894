from datetime import timedelta

from odoo.tests import tagged

from ..common import MONDAY, NOW
from .common import VisitMessageCommon


@tagged("post_install", "-at_install")
class TestVisitMessages(VisitMessageCommon):
    def test_a_booked_visit_is_told_once(self):
        message = self.get_message(self.book("09:00"))
        self.run_cron()
        self.run_cron()
        self.assertEqual(message.state, "sent")
        self.assertIn("2 March", message.with_context(lang="en_US").body)

    def test_one_bad_message_never_stops_the_rest(self):
        bad, good = self.book("09:00"), self.book("10:00", patient=self.other_patient)
        self.other_patient.phone = "+79161234568"
        values = type(bad)._get_message_values

        def get_or_fail(visit, purpose):
            if visit == bad:
                raise KeyError
            return values(visit, purpose)

        self.patch(type(bad), "_get_message_values", get_or_fail)
        self.run_cron()
        told = self.get_message(bad)
        self.assertEqual((told.state, told.reason), ("failed", "broken"))
        self.assertEqual(self.get_message(good).state, "sent")

    def test_texts_are_in_the_patients_language_and_branch_time(self):
        self.patient.lang = "en_US"
        message = self.get_message(self.book("09:00"))
        message._fill()
        self.assertIn("9:00", message.body)
        self.assertIn("2 March", message.body)

    def test_a_parents_number_hears_nothing_of_who_came_of_age(self):
        self.patient.phone_ids.write({"owner": "relative"})
        message = self.get_message(self.book("09:00"))
        self.patient.birthdate = MONDAY.replace(year=MONDAY.year - 16, month=1)
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "of_age"))

    def test_an_email_goes_by_email(self):
        self.patient.write({"preferred_channel": "email", "email": "a@example.com"})
        message = self.get_message(self.book("09:00"))
        self.run_cron()
        self.assertEqual(message.channel, "email")
        self.assertEqual(message.recipient, "a@example.com")

    def test_a_message_is_of_the_company_of_its_visit_whoever_writes_it(self):
        visit = self.book("09:00")
        other = self.env["res.company"].create({"name": "Other"})
        row = {"key": "x", "patient_id": self.patient.id, "appointment_id": visit.id}
        row["company_id"] = other.id
        message = self.messages.with_company(other)._enqueue("reminder", [row])
        self.assertEqual(message.company_id, visit.company_id)
        self.assertEqual(message._get_branch(), visit.branch_id)

    def test_what_is_sent_again_is_about_the_same_visit(self):
        visit = self.book("09:00")
        message = self.get_message(visit)
        message.state = "failed"
        message.action_resend()
        self.assertEqual(message.resend_ids.appointment_id, visit)
        self.run_cron()
        self.assertEqual(message.resend_ids.state, "sent")
        self.assertIn("2 March", message.resend_ids.with_context(lang="en_US").body)

    def test_every_purpose_of_a_visit_has_its_texts(self):
        templates = self.env["clinic.message.template"].search([])
        for purpose in self.messages._get_visit_kinds():
            channels = templates.filtered(lambda one, of=purpose: one.purpose == of)
            self.assertEqual(set(channels.mapped("channel")), {"sms", "email"}, purpose)

    # === NIGHT === #

    def test_nothing_that_can_wait_goes_out_at_night(self):
        self.travel(self.at(MONDAY - timedelta(days=1), "22:00"))
        self.create_shift(hours="13:00-18:00")
        message = self.get_message(self.book("13:00"))
        self.run_cron()
        self.assertEqual(message.state, "queued")
        self.assertEqual(message.scheduled_at, self.at(MONDAY, "09:00"))
        self.travel(self.at(MONDAY, "09:00"))
        self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_what_cannot_wait_for_the_morning_goes_out_at_night(self):
        self.travel(self.at(MONDAY - timedelta(days=1), "22:00"))
        message = self.get_message(self.book("09:00"))
        self.run_cron()
        self.assertEqual(message.state, "sent")

    # === DOWNTIME === #

    def test_what_is_too_late_is_dropped_with_a_note(self):
        message = self.get_message(self.book("09:00"))
        self.travel(self.at(MONDAY, "10:00"))
        self.run_cron()
        self.assertEqual((message.state, message.reason), ("cancelled", "late"))

    def test_old_news_are_dropped_with_a_note(self):
        visit = self.book("09:00")
        visit.cancel(self.reason.id)
        message = self.get_message(visit, "cancelled")
        self.travel(NOW + timedelta(days=4))
        self.run_cron()
        self.assertEqual((message.state, message.reason), ("cancelled", "late"))

    def test_news_of_a_visit_that_is_off_are_not_sent_on(self):
        visit = self.book("09:00")
        message = self.get_message(visit)
        message.write({"state": "unsent", "channel": "sms", "body": "Old"})
        visit.cancel(self.reason.id)
        message.action_send_on()
        self.run_cron()
        self.assertEqual((message.state, message.reason), ("cancelled", "changed"))

    def test_what_is_sent_on_says_the_hour_that_the_visit_has_now(self):
        visit = self.book("09:00")
        message = self.get_message(visit)
        message.write({"state": "unsent", "channel": "sms", "body": "at 8"})
        message.action_send_on()
        self.run_cron()
        self.assertEqual(message.state, "sent")
        self.assertIn("9:00", message.with_context(lang="en_US").body)
