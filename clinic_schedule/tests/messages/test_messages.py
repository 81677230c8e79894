from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.clinic_base.tools.quiet_hours import quiet_until

from ...models.messages.clinic_message_sending import IN_FLIGHT
from ...tools.sms_segments import count_segments
from ..common import MONDAY, NOW, ScheduleCommon


class MessageCommon(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.messages = cls.env["clinic.message"]

    def run_cron(self, name="process_outbox"):
        with self.enter_registry_test_mode():
            self.env.ref(f"clinic_schedule.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def travel(self, moment):
        """Both clocks stand at ``moment`` (naive UTC)."""
        self.freeze(moment, self.addCleanup)

    def get_message(self, visit, purpose="booked"):
        return self.messages.search(
            [("appointment_id", "=", visit.id), ("purpose", "=", purpose)]
        )


@tagged("post_install", "-at_install")
class TestMessages(MessageCommon):
    def test_without_a_gateway_the_outbox_keeps_each_message_once(self):
        message = self.get_message(self.book("09:00"))
        self.run_cron()
        self.run_cron()
        self.assertEqual((message.state, message.gateway), ("sent", "outbox"))
        self.assertIn("2 March", message.with_context(lang="en_US").body)

    def test_one_bad_message_never_stops_the_rest(self):
        bad, good = self.book("09:00"), self.book("10:00", patient=self.other_patient)
        self.other_patient.phone = "+79161234568"
        fill = type(self.messages)._fill

        def fill_or_fail(message):
            if message.appointment_id == bad:
                raise KeyError
            return fill(message)

        with patch.object(type(self.messages), "_fill", fill_or_fail):
            self.run_cron()
        told = self.get_message(bad)
        self.assertEqual((told.state, told.reason), ("failed", "broken"))
        self.assertEqual(self.get_message(good).state, "sent")

    def test_a_patient_who_wants_none_gets_none(self):
        self.patient.preferred_channel = "none"
        message = self.get_message(self.book("09:00"))
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "unwanted"))

    def test_a_parents_number_hears_nothing_of_who_came_of_age(self):
        self.patient.phone_ids.write({"owner": "relative"})
        message = self.get_message(self.book("09:00"))
        self.patient.birthdate = date(MONDAY.year - 16, 1, 1)
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "of_age"))
        self.assertFalse(message.recipient)

    def test_an_email_goes_by_email(self):
        self.patient.write({"preferred_channel": "email", "email": "a@example.com"})
        message = self.get_message(self.book("09:00"))
        self.run_cron()
        self.assertEqual((message.channel, message.state), ("email", "sent"))
        self.assertEqual(message.recipient, "a@example.com")

    def test_texts_are_in_the_patients_language_and_branch_time(self):
        self.patient.lang = "en_US"
        message = self.get_message(self.book("09:00"))
        message._fill()
        self.assertIn("9:00", message.body)
        self.assertIn("2 March", message.body)

    def test_messages_belong_to_their_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        branch = self.env["clinic.branch"].create(
            {"name": "South", "tz": self.tz, "company_id": other.id}
        )
        text = {"channel": "sms", "recipient": "+79160000001", "body": "Text"}
        theirs, nobodys = self.messages._enqueue(
            "other",
            [
                {"key": f"company:{branch_id}", "branch_id": branch_id, **text}
                for branch_id in (branch.id, None)
            ],
        )
        own = self.get_message(self.book("09:00"))
        self.assertEqual(theirs.company_id, other)
        self.assertEqual(own.company_id, self.branch.company_id)
        registrar = new_test_user(
            self.env, "companies_registrar", groups="clinic_base.group_registrar"
        )
        seen = self.messages.with_user(registrar)
        self.assertEqual(seen.search([("id", "in", theirs.ids)]), seen)
        with self.assertRaises(AccessError):
            theirs.with_user(registrar).read(["body"])
        self.assertTrue((own | nobodys).with_user(registrar).read(["body"]))
        registrar.company_ids |= other
        both = seen.with_context(allowed_company_ids=registrar.company_ids.ids)
        self.assertTrue(both.search([("id", "in", theirs.ids)]))

    def test_no_plan_makes_a_worker_claim_more_than_it_calls_at_a_time(self):
        rows = [{"key": f"many:{n}", "patient_id": self.patient.id} for n in range(99)]
        self.messages._enqueue("booked", rows)
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        self.assertEqual(len(self.messages._claim_due()), IN_FLIGHT)

    def test_the_same_key_is_written_once(self):
        row = {"key": "one", "patient_id": self.patient.id}
        self.assertTrue(self.messages._enqueue("booked", [row]))
        self.assertFalse(self.messages._enqueue("booked", [row]))

    def test_templates_know_their_placeholders(self):
        template = self.env.ref("clinic_schedule.clinic_message_template_booked_sms")
        for body in ("{diagnosis}", "{date.__class__}", "{date!r}", "{"):
            with self.assertRaises(ValidationError):
                template.body = body

    def test_a_template_shows_what_it_costs_while_it_is_typed(self):
        template = self.env["clinic.message.template"].new(
            {"purpose": "booked", "channel": "sms", "body": "Я" * 71}
        )
        self.assertEqual(template.parts, 2)
        template.body = "Hello {date.__class__.__mro__} {"
        self.assertIn("{date.__class__", template.preview)

    def test_parts_of_a_message(self):
        for text, parts in (
            ("", 0),
            ("a" * 160, 1),
            ("a" * 161, 2),
            ("a" * 306, 2),
            ("a" * 307, 3),
            ("€" * 80, 1),
            ("€" * 81, 2),
            ("я" * 70, 1),
            ("я" * 71, 2),
            ("я" * 134, 2),
            ("я" * 135, 3),
            ("a" * 71 + "№", 2),
        ):
            self.assertEqual(count_segments(text).parts, parts, (text[:2], len(text)))

    # === ODOO'S OWN SMS === #

    def test_both_ways_of_odoo_lead_into_the_outbox(self):
        cron = self.env.ref("sms.ir_cron_sms_scheduler_action")
        for at_once in (True, False):
            with self.subTest(at_once=at_once):
                sms = self.env["sms.sms"].create(
                    {
                        "number": "+79161234567",
                        "body": "Hello",
                        "partner_id": self.patient.partner_id.id,
                    }
                )
                key = f"sms:{sms.uuid}"
                if at_once:
                    sms.send()
                else:
                    with self.enter_registry_test_mode():
                        cron.method_direct_trigger()
                message = self.messages.search([("key", "=", key)])
                self.assertEqual(message.body, "Hello")
                self.assertEqual(message.patient_id, self.patient)
                self.assertEqual(message.state, "queued")

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

    def test_the_night_is_that_of_the_branch(self):
        night = self.at(MONDAY, "08:59")
        self.assertEqual(
            quiet_until(night, "Europe/Moscow", 21, 9), self.at(MONDAY, "09:00")
        )
        self.assertIsNone(quiet_until(night, "Asia/Vladivostok", 21, 9))
        self.assertIsNone(quiet_until(self.at(MONDAY, "09:00"), self.tz, 21, 9))
        self.assertIsNone(quiet_until(night, self.tz, 9, 9))
        self.assertIsNone(quiet_until(self.at(MONDAY, "23:59"), self.tz, 24, 7))
        self.assertTrue(quiet_until(self.at(MONDAY, "00:00"), self.tz, 24, 7))

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

    # === SENDING AGAIN === #

    def test_a_person_sends_again_once_and_it_is_known_who(self):
        message = self.get_message(self.book("09:00"))
        message.state = "uncertain"
        clerk = new_test_user(self.env, "clerk", groups="clinic_base.group_registrar")
        message.with_user(clerk).action_resend()
        again = message.resend_ids
        self.assertEqual(again.create_uid, clerk)
        self.assertEqual((message.state, again.state), ("uncertain", "queued"))
        with self.assertRaises(UserError):
            message.with_user(clerk).action_resend()
        self.run_cron()
        self.assertEqual(again.state, "sent")

    def test_what_surely_went_out_is_not_sent_again(self):
        message = self.get_message(self.book("09:00"))
        for state in ("queued", "sending", "sent", "delivered"):
            message.state = state
            with self.assertRaises(UserError):
                message.action_resend()

    def test_who_does_not_see_messages_does_not_send_them(self):
        message = self.get_message(self.book("09:00"))
        message.state = "uncertain"
        doctor = new_test_user(self.env, "doctor", groups="clinic_base.group_medical")
        with self.assertRaises(AccessError):
            message.with_user(doctor).action_resend()

    def test_secrets_of_gateways_are_hidden_from_managers(self):
        account = self.env["clinic.sms.account"].create(
            {"name": "One", "secret": "hush", "company_id": self.env.company.id}
        )
        manager = new_test_user(
            self.env, "manager", groups="clinic_base.group_clinic_manager"
        )
        for name in ("secret", "login", "token_seed", "report_url"):
            with self.assertRaises(AccessError):
                account.with_user(manager).read([name])
