"""What holds for every provider; its tests fill in the provider and its fake."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests.common import new_test_user


class GatewayFaults:
    """Comes before GatewayCommon among the bases of a provider's tests."""

    # Whether the provider knows our key, or can otherwise find what it was never
    # heard to have taken.
    knows_key = True

    def test_each_message_goes_out_once_with_its_cost(self):
        messages = self.queue("+79160000001", "+79160000002")
        self.process()
        self.process()
        self.assertEqual(messages.mapped("state"), ["sent", "sent"])
        self.assertEqual(len(self.fake.taken), 2)
        self.assert_no_double()
        self.assertEqual(messages.account_id, self.account)

    def test_what_is_delivered_is_asked_for(self):
        message = self.queue()
        self.process()
        self.fake.deliver(message.gateway_ref)
        self.ask()
        self.assertEqual(message.state, "delivered")
        self.assertFalse(message.ask_at)

    def test_what_is_not_delivered_has_failed_and_stays_so(self):
        message = self.queue()
        self.process()
        self.fake.lose(message.gateway_ref)
        self.ask()
        self.process()
        self.assertEqual((message.state, message.reason), ("failed", "refused"))
        self.assert_no_double()

    def test_no_answer_is_uncertain_and_never_sent_blindly_again(self):
        for fault in ("hang", "late", "cut", "garbage", 500):
            with self.subTest(fault=fault):
                message = self.queue()
                self.fake.faults = [fault]
                self.process()
                self.process()
                self.assertEqual(message.state, "uncertain")
        self.assert_no_double()

    def test_an_uncertain_message_that_was_taken_is_found_not_repeated(self):
        message = self.queue()
        self.fake.faults = ["cut"]
        self.process()
        with self.later(timedelta(minutes=20)):
            self.ask()
            self.process()
        self.assertEqual(message.state, "sent" if self.knows_key else "uncertain")
        self.assertEqual(len(self.fake.taken), 1)
        self.assert_no_double()

    def test_an_uncertain_message_that_was_never_taken_goes_out_later(self):
        message = self.queue()
        self.fake.faults = ["hang"]
        self.process()
        self.ask()
        self.assertEqual(message.state, "uncertain", "too early to believe it")
        with self.later(timedelta(minutes=20)):
            self.ask()
            self.process()
        self.assertEqual(message.state, "sent" if self.knows_key else "uncertain")
        self.assertEqual(len(self.fake.taken), int(self.knows_key))

    def test_a_gateway_that_points_elsewhere_is_not_followed(self):
        elsewhere = self.fake_class()
        self.addCleanup(elsewhere.close)
        self.fake.elsewhere = elsewhere.url
        message = self.queue()
        self.fake.faults = ["redirect"]
        self.process()
        self.assertFalse(elsewhere.requests)
        self.assertEqual((message.state, message.reason), ("queued", "unreached"))

    def test_an_address_that_sends_in_clear_is_refused(self):
        with self.assertRaises(ValidationError):
            self.account.url = "http://sms.example.com"

    def test_turned_away_at_the_door_waits_and_goes_out(self):
        message = self.queue()
        self.fake.faults = [429]
        self.process()
        self.assertEqual((message.state, message.reason), ("queued", "unreached"))
        self.assertGreater(message.scheduled_at, self.env.cr.now())
        message.scheduled_at = self.env.cr.now()
        self.process()
        self.assertEqual(message.state, "sent")
        self.assertFalse(message.reason)
        self.assert_no_double()

    def test_what_surely_went_nowhere_goes_to_the_next_gateway(self):
        second, account = self.create_gateway(sequence=20)
        self.fake.close()
        message = self.queue()
        self.process()
        self.assertEqual(message.state, "sent")
        self.assertEqual(message.account_id, account)
        self.assertEqual(len(second.taken), 1)

    def test_an_unknown_outcome_goes_to_no_other_gateway(self):
        second, _account = self.create_gateway(sequence=20)
        message = self.queue()
        self.fake.faults = ["late"]
        self.process()
        self.process()
        self.assertEqual(message.state, "uncertain")
        self.assertFalse(second.taken)

    def test_no_money_goes_to_the_next_gateway(self):
        second, _account = self.create_gateway(sequence=20)
        self.fake.balance = 0
        message = self.queue()
        self.process()
        self.assertEqual(message.state, "sent")
        self.assertFalse(self.fake.taken)
        self.assertEqual(len(second.taken), 1)

    def test_a_bad_number_fails_for_good(self):
        message = self.queue("+70000000000")
        self.process()
        self.assertEqual((message.state, message.reason), ("failed", "refused"))
        self.assertTrue(message.error)

    def test_reports_are_asked_for_and_not_believed(self):
        message = self.queue()
        self.process()
        self.report(message.gateway_ref)
        self.assertEqual(message.state, "sent", "the provider itself says otherwise")
        self.fake.deliver(message.gateway_ref)
        for _twice in range(2):
            self.report(message.gateway_ref)
            self.assertEqual(message.state, "delivered")

    def test_a_late_report_changes_nothing(self):
        message = self.queue()
        self.process()
        self.fake.deliver(message.gateway_ref)
        self.report(message.gateway_ref)
        self.fake.lose(message.gateway_ref)
        self.report(message.gateway_ref)
        self.assertEqual(message.state, "delivered")

    def test_reports_of_unknown_messages_change_nothing(self):
        message = self.queue()
        self.process()
        for ref in ("999999999", "", "'; --", "0"):
            self.report(ref)
        self.assertEqual(message.state, "sent")

    def test_managers_hear_once_that_money_runs_out(self):
        self.account.warn_below = 100
        self.fake.balance = 50
        subject = [("subject", "=", "SMS: little money is left")]
        before = self.env["mail.message"].search_count(subject)
        new_test_user(self.env, "manager", groups="clinic_base.group_clinic_manager")
        for _twice in range(2):
            self.account.action_check_balance()
        self.assertEqual(self.account.balance, 50)
        self.assertGreater(self.env["mail.message"].search_count(subject), before)
        told = self.env["mail.message"].search_count(subject)
        self.account.action_check_balance()
        self.assertEqual(self.env["mail.message"].search_count(subject), told)

    def test_a_gateway_that_tells_nothing_does_not_keep_the_others_from_telling(self):
        self.account.sequence = 5
        second, other = self.create_gateway(sequence=20)
        other.warn_below = 100
        second.balance = 50
        self.account.url = "http://127.0.0.1:9"
        self.run_cron("sms_balance")
        self.assertFalse(self.account.balance_at)
        self.assertEqual((other.balance, other.is_low), (50, True))

    def test_credentials_and_texts_are_in_no_log(self):
        self.queue()
        self.fake.faults = ["garbage"]
        with self.assertLogs("odoo", "DEBUG") as logs:
            self.process()
            self.account.action_check_balance()
        for secret in ("open sesame", "79160000001", "визит"):
            self.assertNotIn(secret, "\n".join(logs.output))

    def report(self, ref):
        """The provider posts a report, in its own form."""
        gateway = self.account._get_gateways()[self.account]
        refs = gateway.get_reported_refs(self.make_report(ref))
        self.messages._note_reports(self.account, refs)
        self.run_cron("ask_gateways")

    def make_report(self, ref):
        return {"id": ref, "status": "1"}

    def assert_no_double(self):
        for sendings in self.fake.taken.values():
            self.assertEqual(len(sendings), 1)
