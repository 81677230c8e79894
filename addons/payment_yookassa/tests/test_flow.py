from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import YooKassaCommon
from .fake_yookassa import SHOP


@tagged("post_install", "-at_install")
class TestFlow(YooKassaCommon):
    """What is asked of YooKassa, and what is booked."""

    def test_a_payment_is_written_down_with_its_key_before_anybody_is_called(self):
        transaction = self.create_transaction()
        self.assertFalse(self.fake.requests)
        self.assertTrue(transaction.yookassa_key)
        self.assertEqual(transaction.yookassa_body["amount"]["value"], "1500.00")

    def test_the_payer_is_led_to_the_page_of_the_bank(self):
        transaction = self.start()
        payment = self.fake.payments[transaction.provider_reference]
        self.assertEqual(
            transaction.yookassa_url, payment["confirmation"]["confirmation_url"]
        )
        self.assertEqual(transaction.state, "pending")
        self.assertEqual(payment["payment_method"]["type"], "bank_card")

    def test_the_bank_is_told_neither_who_pays_nor_for_what(self):
        transaction = self.start()
        sent = str(transaction.yookassa_body)
        self.assertNotIn(self.partner.name, sent)
        # What stands before the reference is another module's to say.
        payment = self.fake.payments[transaction.provider_reference]
        self.assertTrue(payment["description"].endswith(transaction.reference))

    def test_going_to_the_bank_twice_makes_one_payment(self):
        transaction = self.start()
        transaction._yookassa_start()
        transaction.yookassa_url = False
        transaction.provider_reference = False
        transaction._yookassa_start()
        self.assertEqual(self.new_payments, {transaction.provider_reference})

    def test_a_payment_is_booked_once(self):
        transaction = self.start_and_pay()
        self.assertEqual(transaction.state, "done")
        payment = transaction.payment_id
        self.assertEqual((payment.amount, payment.partner_id), (1500, self.partner))
        self.assertIn(payment.state, ("in_process", "paid"))
        transaction._yookassa_follow_up()
        transaction._post_process()
        self.assertEqual(self.count_payments(transaction), 1)

    def test_the_faster_payments_system_has_no_second_stage(self):
        self.assertEqual(self.sbp.support_manual_capture, "none")
        transaction = self.start(method=self.sbp)
        self.assertTrue(transaction.yookassa_body["capture"])
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.succeeded", transaction.provider_reference)
        self.run_cron()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(transaction.payment_method_id, self.sbp)

    def test_held_money_is_captured_by_the_cron_and_booked(self):
        transaction = self.hold()
        self.assertEqual(transaction.state, "authorized")
        self.assertFalse(transaction.payment_id)
        transaction.action_capture()
        self.assertFalse(self.calls("POST", self.path(transaction, "capture")))
        self.run_cron()
        self.assertEqual(transaction.state, "done")
        child = transaction.child_transaction_ids
        self.assertEqual((child.state, child.payment_id.amount), ("done", 1500))
        self.assertFalse(transaction.payment_id)

    def test_held_money_that_somebody_captures_in_the_cabinet_is_booked(self):
        transaction = self.hold()
        self.fake._succeed(self.fake.payments[transaction.provider_reference])
        self.notice("payment.succeeded", transaction.provider_reference)
        self.run_cron()
        self.assertEqual(transaction.payment_id.amount, 1500)

    def test_held_money_is_released(self):
        transaction = self.hold()
        transaction.action_void()
        self.run_cron()
        self.assertEqual(transaction.state, "cancel")
        payment = self.fake.payments[transaction.provider_reference]
        self.assertEqual(payment["status"], "canceled")
        self.assertFalse(transaction.child_transaction_ids.payment_id)

    def test_held_money_that_the_bank_releases_is_not_captured(self):
        transaction = self.hold()
        self.fake.cancel(transaction.provider_reference, "expired_on_capture")
        transaction.action_capture()
        self.run_cron()
        self.assertEqual(transaction.state, "cancel")
        self.assertEqual(transaction.child_transaction_ids.state, "error")

    def test_a_part_and_then_the_rest_is_refunded_and_booked(self):
        transaction = self.start_and_pay()
        for amount, left in ((400, 1100), (1100, 0)):
            transaction.action_refund(amount_to_refund=amount)
            self.run_cron()
            transaction.payment_id.invalidate_recordset()
            self.assertEqual(transaction.payment_id.amount_available_for_refund, left)
        refunds = transaction.child_transaction_ids
        self.assertEqual(set(refunds.mapped("state")), {"done"})
        self.assertEqual(set(refunds.payment_id.mapped("payment_type")), {"outbound"})
        self.assertEqual(len(self.fake.refunds_of(transaction)), 2)

    def test_more_than_was_paid_is_not_refunded_and_a_person_is_asked(self):
        transaction = self.start_and_pay()
        transaction._refund(amount_to_refund=2000)
        self.run_cron()
        refund = transaction.child_transaction_ids
        self.assertEqual(refund.state, "error")
        self.assertFalse(refund.payment_id)
        self.assertEqual(self.cases.mapped("kind"), ["refused"])
        self.assertEqual(self.cases.activity_ids.user_id, self.accountant)

    def test_a_payment_that_was_not_made_in_time_is_cancelled(self):
        transaction = self.start()
        self.fake.cancel(transaction.provider_reference)
        self.notice("payment.canceled", transaction.provider_reference)
        self.run_cron()
        self.assertEqual(transaction.state, "cancel")
        self.assertIn("expired_on_confirmation", transaction.state_message)
        self.assertFalse(self.cases)

    def test_an_open_payment_is_asked_for_without_any_notice(self):
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        self.ask_all()
        self.assertTrue(transaction.payment_id)
        self.assertFalse(transaction.yookassa_ask_at)

    def test_the_connection_is_checked_and_the_mode_compared(self):
        answer = self.provider.action_yookassa_check()
        self.assertEqual(answer["params"]["type"], "success")
        self.provider.state = "enabled"
        answer = self.provider.action_yookassa_check()
        self.assertEqual(answer["params"]["type"], "warning")
        self.provider.yookassa_secret_key = "wrong"
        with self.assertRaises(UserError):
            self.provider.action_yookassa_check()

    def test_a_refusal_at_the_start_says_so_and_asks_one_person_for_all_payers(self):
        self.provider.yookassa_secret_key = "wrong"
        for _payer in range(3):
            self.start_in_vain(self.create_transaction())
        self.assertEqual(len(self.cases), 1)
        self.assertEqual(len(self.cases.activity_ids), 1)
        self.assertEqual(self.cases.transaction_id.state, "error")

    def test_nothing_of_the_payer_and_no_secret_is_logged(self):
        with self.assertLogs(level="DEBUG") as logs:
            transaction = self.start_and_pay()
            transaction.action_refund()
            self.run_cron()
        text = "\n".join(logs.output)
        for secret in (self.partner.name, self.partner.email, "test_secret"):
            self.assertNotIn(secret, text)

    def test_shop_and_key_are_the_administrators(self):
        fields = self.env["payment.provider"]._fields
        for name in ("yookassa_shop_id", "yookassa_secret_key"):
            self.assertEqual(fields[name].groups, "base.group_system")
        self.assertEqual(self.provider.sudo().yookassa_shop_id, SHOP)
        copy = self.provider.copy()
        self.assertFalse(copy.sudo().yookassa_secret_key)

    def hold(self):
        self.sbp.active = False
        self.provider.capture_manually = True
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.waiting_for_capture", transaction.provider_reference)
        self.run_cron()
        return transaction

    def path(self, transaction, action):
        return f"payments/{transaction.provider_reference}/{action}"

    def count_payments(self, transaction):
        return self.env["account.payment"].search_count(
            [("payment_transaction_id", "=", transaction.id)]
        )
