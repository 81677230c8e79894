from odoo.tests import tagged

from .common import YooKassaCommon


@tagged("post_install", "-at_install")
class TestNotices(YooKassaCommon):
    """A notice is only a reason to ask; what YooKassa then shows is compared."""

    def test_a_forged_notice_books_nothing_and_bothers_nobody(self):
        transaction = self.start()
        for event, number in (
            ("payment.succeeded", transaction.provider_reference),
            ("payment.succeeded", "00000000-0000-0000-0000-000000000000"),
            ("refund.succeeded", "00000000-0000-0000-0000-000000000001"),
        ):
            self.notice(event, number)
        self.run_cron()
        self.assertEqual(transaction.state, "pending")
        self.assertFalse(transaction.payment_id)
        self.assertFalse(self.cases)

    def test_a_notice_about_another_shops_payment_is_not_ours(self):
        self.fake.shops["200600"] = "other"
        other = self.create_provider(
            self.env["res.company"].create({"name": "Other"}),
            yookassa_shop_id="200600",
            yookassa_secret_key="other",
            state="disabled",
        )
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.succeeded", transaction.provider_reference, other)
        self.run_cron()
        self.assertEqual(transaction.state, "pending")
        self.assertFalse(self.env["payment.yookassa.case"].search([]))

    def test_another_sum_is_not_booked_and_one_person_is_asked(self):
        self.check_mismatch("amount", amount={"value": "15.00", "currency": "RUB"})

    def test_another_currency_is_not_booked_and_one_person_is_asked(self):
        self.check_mismatch("amount", amount={"value": "1500.00", "currency": "USD"})

    def test_a_test_payment_at_a_real_shop_is_not_booked(self):
        self.check_mismatch("shop", test=False)

    def test_a_payment_for_another_shop_is_not_booked(self):
        self.check_mismatch("shop", recipient={"account_id": "1", "gateway_id": "1"})

    def check_mismatch(self, kind, **changes):
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        self.fake.payments[transaction.provider_reference].update(changes)
        # Odoo itself would book it at the second notice.
        for event in ("payment.waiting_for_capture", "payment.succeeded"):
            self.notice(event, transaction.provider_reference)
            self.run_cron()
        self.assertEqual(transaction.state, "error")
        self.assertFalse(transaction.payment_id)
        self.assertEqual(self.cases.mapped("kind"), [kind])
        self.assertEqual(len(self.cases.activity_ids), 1)

    def test_money_that_nobody_asked_for_is_shown_once(self):
        for reference in (None, "NOBODY"):
            body = self.create_transaction()._yookassa_get_payment_body()
            body["metadata"] = {"reference": reference} if reference else {}
            payment = self.fake._create_payment("100500", body)
            self.fake.pay(payment["id"])
            for event in ("payment.waiting_for_capture", "payment.succeeded"):
                self.notice(event, payment["id"])
            self.run_cron()
        self.assertEqual(self.cases.mapped("kind"), ["unknown", "unknown"])
        self.assertEqual(len(self.cases.activity_ids), 2)

    def test_notices_in_any_order_end_in_what_is_true(self):
        transaction = self.start_and_pay()
        for event in (
            "payment.canceled",
            "payment.waiting_for_capture",
            "payment.succeeded",
        ):
            self.notice(event, transaction.provider_reference)
            self.run_cron()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(
            self.env["account.payment"].search_count(
                [("payment_transaction_id", "=", transaction.id)]
            ),
            1,
        )

    def test_the_same_notice_is_stored_once(self):
        transaction = self.start()
        stored = [
            self.notice("payment.succeeded", transaction.provider_reference)
            for _time in range(50)
        ]
        self.assertEqual(stored.count(True), 1)

    def test_a_notice_that_came_too_early_does_not_use_up_the_real_one(self):
        transaction = self.start()
        number = transaction.provider_reference
        hidden = self.fake.payments.pop(number)
        self.notice("payment.succeeded", number)
        self.run_cron()
        self.fake.payments[number] = hidden
        self.ask_all()
        self.assertEqual(transaction.state, "pending")
        self.fake.pay(number)
        # Nobody asks by themselves: the notice alone must be reason enough.
        transaction.yookassa_ask_at = False
        self.env["payment.yookassa.notice"].search(
            [("object_id", "=", number)]
        ).state = "ignored"
        self.env.flush_all()
        self.assertTrue(self.notice("payment.succeeded", number))
        self.run_cron()
        self.assertEqual(transaction.state, "done")

    def test_a_notice_that_yookassa_does_not_bear_out_is_let_go_in_the_end(self):
        transaction = self.start()
        number = transaction.provider_reference
        self.notice("payment.succeeded", number)
        notice = self.env["payment.yookassa.notice"].search(
            [("object_id", "=", number)]
        )
        self.run_cron()
        self.assertEqual(notice.state, "new")
        for _try in range(6):
            self.ask_all()
        self.assertEqual(notice.state, "ignored")

    def test_a_refund_that_is_heard_of_before_its_payment_books_both(self):
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        refund = self.fake.refund_by_hand(transaction.provider_reference, "500.00")
        self.notice("refund.succeeded", refund["id"])
        self.run_cron()
        child = transaction.child_transaction_ids
        self.assertEqual(transaction.payment_id.amount, 1500)
        self.assertEqual((child.state, child.payment_id.amount), ("done", 500))
        self.notice("payment.succeeded", transaction.provider_reference)
        self.run_cron()
        self.assertEqual(len(transaction.child_transaction_ids), 1)

    def test_a_payment_is_still_a_payment_after_its_refund(self):
        transaction = self.start_and_pay()
        transaction.action_refund()
        self.run_cron()
        [refund] = self.fake.refunds_of(transaction)
        self.notice("refund.succeeded", refund["id"])
        self.notice("payment.waiting_for_capture", transaction.provider_reference)
        self.run_cron()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(len(transaction.child_transaction_ids), 1)

    def test_a_notice_that_comes_while_yookassa_is_silent_is_kept(self):
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.succeeded", transaction.provider_reference)
        self.fake.faults = [500] * 2
        self.run_cron()
        self.assertEqual(transaction.state, "pending")
        self.ask_all()
        self.assertEqual(transaction.state, "done")

    def test_a_payment_that_succeeds_after_it_was_given_up_is_booked(self):
        transaction = self.start()
        transaction._set_canceled("Given up")
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.succeeded", transaction.provider_reference)
        self.run_cron()
        self.assertEqual(transaction.payment_id.amount, 1500)
