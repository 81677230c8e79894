"""The official SDK against the fake: what it gets is what our client gets."""

import uuid

from yookassa import Configuration, Payment, Receipt, Refund, Settings
from yookassa.domain.exceptions import (
    BadRequestError,
    NotFoundError,
    UnauthorizedError,
)
from yookassa.domain.notification import WebhookNotificationFactory

from odoo.tests import tagged

from .common import YooKassaCommon
from .fake_yookassa import SECRET, SHOP, public

RECEIPT = {
    "customer": {"email": "payer@example.com"},
    "items": [
        {
            "description": "Services of the clinic",
            "quantity": 1,
            "amount": {"value": "1500.00", "currency": "RUB"},
            "vat_code": 1,
            "payment_subject": "service",
            "payment_mode": "full_prepayment",
        }
    ],
}


@tagged("post_install", "-at_install")
class TestSdk(YooKassaCommon):
    def setUp(self):
        super().setUp()
        Configuration.configure(SHOP, SECRET, api_url=self.fake.url, max_attempts=0)

    def test_a_payment_in_one_stage_and_its_refund(self):
        payment = Payment.create(self.body(receipt=RECEIPT), "key-1")
        self.assertEqual((payment.status, payment.test), ("pending", True))
        self.assertTrue(payment.confirmation.confirmation_url)
        self.fake.pay(payment.id)
        payment = Payment.find_one(payment.id)
        self.assertEqual((payment.status, payment.paid), ("succeeded", True))
        refund = Refund.create(
            {
                "payment_id": payment.id,
                "amount": {"value": "500.00", "currency": "RUB"},
            }
        )
        self.assertEqual((refund.status, refund.payment_id), ("succeeded", payment.id))
        self.assertEqual(Refund.find_one(refund.id).amount.value, 500)
        self.assertEqual(Payment.find_one(payment.id).refunded_amount.value, 500)
        listed = Refund.list({"payment_id": payment.id})
        self.assertEqual([one.id for one in listed.items], [refund.id])

    def test_a_payment_in_two_stages(self):
        for finish, status in (
            (Payment.capture, "succeeded"),
            (Payment.cancel, "canceled"),
        ):
            payment = Payment.create(self.body(capture=False))
            self.fake.pay(payment.id)
            self.assertEqual(Payment.find_one(payment.id).status, "waiting_for_capture")
            self.assertEqual(finish(payment.id).status, status)
            with self.assertRaises(BadRequestError):
                Payment.capture(payment.id)

    def test_the_same_key_gives_the_same_object_and_another_body_an_error(self):
        key = str(uuid.uuid4())
        first = Payment.create(self.body(), key)
        self.assertEqual(Payment.create(self.body(), key).id, first.id)
        with self.assertRaises(BadRequestError) as caught:
            Payment.create(self.body(value="1.00"), key)
        self.assertEqual(caught.exception.content["parameter"], "Idempotence-Key")

    def test_errors_have_their_shape(self):
        with self.assertRaises(NotFoundError) as caught:
            Payment.find_one("unknown")
        self.assertEqual(caught.exception.content["code"], "not_found")
        with self.assertRaises(BadRequestError):
            Payment.create(self.body(receipt={**RECEIPT, "items": []}))
        Configuration.configure(SHOP, "wrong", api_url=self.fake.url)
        with self.assertRaises(UnauthorizedError):
            Settings.get_account_settings()

    def test_the_offset_of_a_prepayment(self):
        payment = Payment.create(self.body(receipt=RECEIPT))
        self.fake.pay(payment.id)
        receipt = Receipt.create(
            {
                "type": "payment",
                "payment_id": payment.id,
                "send": True,
                "customer": RECEIPT["customer"],
                "items": [{**RECEIPT["items"][0], "payment_mode": "full_payment"}],
                "settlements": [
                    {
                        "type": "prepayment",
                        "amount": {"value": "1500.00", "currency": "RUB"},
                    }
                ],
            }
        )
        self.assertEqual(receipt.status, "pending")
        self.fake.register(receipt.id)
        found = Receipt.find_one(receipt.id)
        self.assertEqual(
            (found.status, found.fiscal_document_number), ("succeeded", "3997")
        )

    def test_our_client_sees_what_the_sdk_has_made_and_the_other_way_round(self):
        client = self.provider._yookassa_client()
        theirs = Payment.create(self.body())
        self.assertEqual(client.get(f"payments/{theirs.id}")["id"], theirs.id)
        ours = self.start()
        self.fake.pay(ours.provider_reference)
        found = Payment.find_one(ours.provider_reference)
        self.assertEqual((found.status, found.amount.value), ("succeeded", 1500))
        self.assertEqual(found.metadata["reference"], ours.reference)

    def test_a_notice_of_the_fake_is_one_for_the_sdk(self):
        payment = Payment.create(self.body())
        found = self.fake.pay(payment.id)
        notice = WebhookNotificationFactory().create(
            {
                "type": "notification",
                "event": "payment.succeeded",
                "object": public(found),
            }
        )
        self.assertEqual(notice.object.id, payment.id)

    def body(self, value="1500.00", **vals):
        return {
            "amount": {"value": value, "currency": "RUB"},
            "capture": True,
            "confirmation": {
                "type": "redirect",
                "return_url": "https://clinic.example",
            },
            "description": "Payment 1",
            **vals,
        }
