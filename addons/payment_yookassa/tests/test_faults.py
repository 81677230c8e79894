from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import YooKassaCommon

MODEL = "odoo.addons.payment_yookassa.models"


@tagged("post_install", "-at_install")
class TestFaults(YooKassaCommon):
    """Whatever YooKassa does, nothing is lost and nothing is done twice."""

    def test_after_any_failure_the_same_payment_comes_back(self):
        for fault in ("hang", "late", "cut", "garbage", 202, 429, 500):
            with self.subTest(fault=fault):
                before = len(self.fake.payments)
                transaction = self.create_transaction()
                self.fake.faults = [fault]
                self.start_in_vain(transaction)
                self.assertEqual(transaction.state, "draft")
                self.assertTrue(transaction.yookassa_ask_at)
                transaction._yookassa_start()
                self.assertEqual(len(self.fake.payments), before + 1)
                self.assertTrue(transaction.yookassa_url)

    def test_a_payment_whose_start_was_not_answered_is_found_and_booked(self):
        transaction = self.create_transaction()
        self.fake.faults = ["late"]
        self.start_in_vain(transaction)
        [payment_id] = self.new_payments
        self.fake.pay(payment_id)
        self.notice("payment.succeeded", payment_id)
        self.run_cron()
        self.assertEqual(transaction.provider_reference, payment_id)
        self.assertEqual(transaction.payment_id.amount, 1500)

    def test_a_capture_whose_answer_was_lost_is_booked_once(self):
        self.sbp.active = False
        self.provider.capture_manually = True
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)
        transaction._yookassa_follow_up()
        transaction.action_capture()
        # The first call asks for the state; the second one captures.
        self.fake.faults = [None, "late"]
        self.run_cron()
        self.assertEqual(transaction.state, "authorized")
        self.ask_all()
        self.assertEqual(transaction.child_transaction_ids.payment_id.amount, 1500)
        self.assertEqual(transaction.state, "done")

    def test_after_any_failure_a_refund_is_made_once(self):
        for fault in ("hang", "late", "cut", "garbage", 202, 429, 500):
            with self.subTest(fault=fault):
                transaction = self.start_and_pay()
                transaction.action_refund(amount_to_refund=500)
                self.fake.faults = [fault]
                self.run_cron()
                refund = transaction.child_transaction_ids
                self.assertEqual(refund.state, "draft")
                self.ask_all()
                self.assertEqual(
                    (refund.state, refund.payment_id.amount), ("done", 500)
                )
                self.assertEqual(len(self.fake.refunds_of(transaction)), 1)

    def test_a_refund_is_not_repeated_with_a_key_that_is_forgotten(self):
        transaction = self.start_and_pay()
        for done in (True, False):
            transaction.action_refund(amount_to_refund=500)
            refund = transaction.child_transaction_ids[0]
            self.fake.faults = ["late" if done else "hang"]
            self.run_cron()
            self.fake.forget_keys()
            refund.yookassa_sent_at -= timedelta(days=1)
            self.ask_all()
            self.assertEqual(refund.state, "done" if done else "error")
        self.assertEqual(len(self.fake.refunds_of(transaction)), 1)
        self.assertEqual(self.cases.mapped("kind"), ["unclear"])

    def test_a_start_that_was_never_answered_is_given_up_after_a_day(self):
        transaction = self.create_transaction()
        self.fake.faults = ["hang"]
        self.start_in_vain(transaction)
        transaction.yookassa_sent_at -= timedelta(days=1)
        self.ask_all()
        self.assertEqual(transaction.state, "cancel")
        self.assertFalse(self.new_payments)

    def test_one_that_cannot_be_asked_for_never_stops_the_rest(self):
        bad, good = self.start(), self.start()
        for transaction in (bad, good):
            self.fake.pay(transaction.provider_reference)
        self.fake.payments[bad.provider_reference]["amount"] = "garbage"
        with mute_logger(MODEL):
            self.ask_all()
        self.assertEqual((bad.state, good.state), ("pending", "done"))
        self.assertTrue(bad.yookassa_ask_at)
        self.assertTrue(good.payment_id)

    def test_after_hours_of_silence_one_person_is_asked(self):
        transaction = self.start()
        for _hour in range(14):
            self.fake.faults = [500]
            self.ask_all()
        self.assertEqual(self.cases.mapped("kind"), ["unclear"])
        self.assertEqual(len(self.cases.activity_ids), 1)
        self.fake.pay(transaction.provider_reference)
        self.ask_all()
        self.assertEqual(transaction.state, "done")

    def test_another_key_of_the_shop_leaves_open_payments_open(self):
        transaction = self.start()
        self.provider.yookassa_secret_key = "changed by mistake"
        self.ask_all()
        self.assertEqual(transaction.state, "pending")

    def test_money_that_cannot_be_booked_is_not_lost(self):
        transaction = self.start()
        self.fake.pay(transaction.provider_reference)

        def fail(_transactions):
            raise ValueError("The period is locked")

        model = type(transaction)
        create = model._create_payment
        self.patch(model, "_create_payment", fail)
        with mute_logger(MODEL):
            self.ask_all()
        self.assertEqual(
            (transaction.state, transaction.is_post_processed), ("done", False)
        )
        self.assertEqual(self.cases.mapped("kind"), ["booking"])
        self.patch(model, "_create_payment", create)
        transaction.yookassa_ask_at = False
        self.run_cron()
        self.assertEqual(transaction.payment_id.amount, 1500)
