from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ...models.outbox.clinic_message_sending import IN_FLIGHT
from ...tools.sms_segments import count_segments
from ..common import MONDAY, NOW, MessageCommon


@tagged("post_install", "-at_install")
class TestMessages(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gateway(cls.branch.company_id)

    def test_each_message_goes_out_once(self):
        message = self.queue()
        self.run_cron()
        self.run_cron()
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.attempts, 0)

    def test_one_bad_message_never_stops_the_rest(self):
        bad, good = self.queue("+79160000001", "+79160000002")
        fill = type(self.messages)._fill

        def fill_or_fail(message):
            if message == bad:
                raise KeyError
            return fill(message)

        with patch.object(type(self.messages), "_fill", fill_or_fail):
            self.run_cron()
        self.assertEqual((bad.state, bad.reason), ("failed", "broken"))
        self.assertEqual(good.state, "sent")

    def test_a_patient_who_wants_none_gets_none(self):
        self.patient.preferred_channel = "none"
        message = self.tell()
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "unwanted"))

    def test_a_patient_without_a_number_is_not_written_to(self):
        message = self.tell(self.other_patient)
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "no_address"))

    def test_without_a_text_nothing_is_sent(self):
        message = self.tell()
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "no_template"))

    def test_a_parents_number_hears_nothing_of_who_came_of_age(self):
        self.patient.phone_ids.write({"owner": "relative"})
        message = self.tell()
        self.patient.birthdate = date(MONDAY.year - 16, 1, 1)
        message._fill()
        self.assertEqual((message.state, message.reason), ("cancelled", "of_age"))
        self.assertFalse(message.recipient)

    def test_texts_name_the_patient_and_the_branch(self):
        self.create_template("{patient_first_name}: {branch}, {phone}. {address}")
        message, own = self.tell(), self.tell(values={"phone": "8 800"})
        message._fill()
        own._fill()
        self.assertEqual(message.body, "Ivanov: North, +74950000000.")
        self.assertEqual(own.body, "Ivanov: North, 8 800.")

    def test_texts_are_in_the_patients_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        template = self.create_template("Hello")
        template.with_context(lang="ru_RU").body = "Здравствуйте"
        self.patient.lang = "ru_RU"
        message = self.tell()
        message._fill()
        self.assertEqual(message.body, "Здравствуйте")

    def test_an_email_goes_by_email(self):
        self.patient.write({"preferred_channel": "email", "email": "a@example.com"})
        self.create_template("Hello", "email", subject="News")
        message = self.tell()
        message._fill()
        self.assertEqual(
            (message.channel, message.recipient, message.subject),
            ("email", "a@example.com", "News"),
        )

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
        own = self.queue()
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
        self.messages._enqueue("other", rows)
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        self.assertEqual(len(self.messages._claim_due()), IN_FLIGHT)

    def test_many_messages_are_written_with_as_few_statements_as_one(self):
        def count(number):
            rows = [
                {"key": f"few:{number}:{one}", "patient_id": self.patient.id}
                for one in range(number)
            ]
            before = self.env.cr.sql_log_count
            self.messages._enqueue("other", rows)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(50), count(1))

    def test_the_same_key_is_written_once(self):
        row = {"key": "one", "patient_id": self.patient.id}
        self.assertTrue(self.messages._enqueue("other", [row]))
        self.assertFalse(self.messages._enqueue("other", [row]))

    def test_a_message_is_not_written_before_its_time(self):
        later = NOW + timedelta(hours=5)
        message = self.tell(scheduled_at=str(later))
        self.assertEqual(message.scheduled_at, later)
        self.assertEqual(self.tell().scheduled_at, NOW)

    # === TEMPLATES === #

    def test_templates_know_their_placeholders(self):
        template = self.create_template("{patient_first_name}")
        for body in ("{diagnosis}", "{branch.__class__}", "{branch!r}", "{"):
            with self.assertRaises(ValidationError):
                template.body = body

    def test_a_template_shows_what_it_costs_while_it_is_typed(self):
        template = self.env["clinic.message.template"].new(
            {"purpose": "other", "channel": "sms", "body": "Я" * 71}
        )
        self.assertEqual(template.parts, 2)
        template.body = "Hello {branch.__class__.__mro__} {"
        self.assertIn("{branch.__class__", template.preview)

    def test_a_template_shows_every_word_that_is_filled_in(self):
        template = self.create_template("Hello")
        for name in template._get_placeholders():
            self.assertIn(f"{{{name}}}", template.placeholders)
            template.body = f"{{{name}}}"

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

    # === DOWNTIME === #

    def test_old_news_are_dropped_with_a_note(self):
        message = self.queue()
        self.travel(NOW + timedelta(days=4))
        self.run_cron()
        self.assertEqual((message.state, message.reason), ("cancelled", "late"))

    # === SENDING AGAIN === #

    def test_a_person_sends_again_once_and_it_is_known_who(self):
        message = self.queue()
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

    def test_a_letter_that_was_written_already_is_sent_again_as_it_was(self):
        letter = self.queue(
            "a@example.com", channel="email", subject="News", body="Hello"
        )
        letter.state = "failed"
        letter.action_resend()
        again = letter.resend_ids
        for name in ("channel", "recipient", "subject", "body"):
            self.assertEqual(again[name], letter[name])

    def test_what_surely_went_out_is_not_sent_again(self):
        message = self.queue()
        for state in ("queued", "sending", "sent", "delivered", "unsent"):
            message.state = state
            with self.assertRaises(UserError):
                message.action_resend()

    def test_who_does_not_see_messages_does_not_send_them(self):
        message = self.queue()
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
