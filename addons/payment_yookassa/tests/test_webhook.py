from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import YooKassaCommon

CONTROLLER = "odoo.addons.payment_yookassa.controllers.main"


@tagged("post_install", "-at_install")
class TestWebhook(YooKassaCommon, HttpCase):
    """From the form to the booked payment, all over real HTTP."""

    def setUp(self):
        super().setUp()
        # The shop posts its notices without the cookie of the test.
        self.http_request_allow_all = True
        self.webhook = f"{self.base_url()}/payment/yookassa/webhook/{self.provider.id}"
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())

    def test_an_address_of_the_server_with_a_slash_doubles_none(self):
        base = self.env["ir.config_parameter"]
        for written in ("https://clinic.example", "https://clinic.example/"):
            base.set_param("web.base.url", written)
            self.provider.invalidate_recordset()
            self.assertEqual(
                self.provider.yookassa_webhook_url,
                f"https://clinic.example/payment/yookassa/webhook/{self.provider.id}",
            )
            body = self.create_transaction()._yookassa_get_payment_body()
            self.assertTrue(
                body["confirmation"]["return_url"].startswith(
                    "https://clinic.example/payment/"
                )
            )

    def test_a_payer_goes_to_the_bank_pays_and_comes_back(self):
        transaction = self.create_transaction(landing_route="/web/login")
        self.fake.webhook = self.webhook
        page = self.go_to_bank(transaction)
        self.assertEqual(page.status_code, 200)
        self.assertIn("1500.00", page.text)
        back = self.opener.post(f"{page.url}/pay", allow_redirects=False)
        self.assertEqual(back.status_code, 303)
        self.opener.get(back.headers["Location"], timeout=60)
        self.assertEqual(transaction.state, "done")
        self.run_cron()
        self.assertEqual(transaction.payment_id.amount, 1500)

    def test_a_payer_who_declines_comes_back_to_a_cancelled_payment(self):
        transaction = self.create_transaction(landing_route="/web/login")
        page = self.go_to_bank(transaction)
        self.opener.post(f"{page.url}/decline")
        self.assertEqual(transaction.state, "cancel")

    def test_a_payer_whose_bank_is_silent_may_try_again_and_pays_once(self):
        transaction = self.create_transaction()
        self.fake.faults = ["late"]
        page = self.go_to_bank(transaction)
        self.assertIn("Try again", page.text)
        page = self.go_to_bank(transaction)
        self.assertIn("1500.00", page.text)
        self.assertEqual(len(self.new_payments), 1)

    @mute_logger("odoo.http")
    def test_the_form_of_another_site_starts_nothing(self):
        transaction = self.create_transaction()
        for token in ("forged", "ы", "\N{GRINNING FACE}"):
            answer = self.go_to_bank(transaction, token)
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.fake.requests)

    def test_notices_are_stored_once_and_answered_at_once(self):
        transaction = self.start()
        payment = self.fake.pay(transaction.provider_reference)
        self.fake.requests.clear()
        with self.allow_requests(all_requests=True):
            answers = {
                self.fake.send_notice(self.webhook, "payment.succeeded", payment)
                for _time in range(5)
            }
        self.assertEqual(answers, {200})
        self.assertFalse(self.fake.requests)
        notices = self.env["payment.yookassa.notice"].search(
            [("object_id", "=", transaction.provider_reference)]
        )
        self.assertEqual(len(notices), 1)

    @mute_logger("odoo.http", CONTROLLER)
    def test_what_is_no_notice_is_turned_away(self):
        for body in (
            "?",
            "[]",
            "{}",
            '{"event": "x", "object": {"id": "../../me"}}',
            '{"event": [], "object": {"id": "1"}}',
            '{"event": {}, "object": {"id": "1"}}',
            '{"event": "payment.succeeded", "object": {"id": 1e999}}',
            "[" * 50_000,
            b"\xff\xfe",
        ):
            answer = self.post_notice(body)
            self.assertEqual(answer.status_code, 400, body[:60])
        self.webhook = f"{self.base_url()}/payment/yookassa/webhook/0"
        answer = self.post_notice(
            '{"event": "payment.succeeded", "object": {"id": "1"}}'
        )
        self.assertEqual(answer.status_code, 404)

    @mute_logger("odoo.http")
    def test_more_than_a_notice_is_not_read_whether_its_length_is_told_or_not(self):
        body = b'{"event": "' + b"x" * 70_000 + b'", "object": {"id": "1"}}'
        pieces = iter([body[:40_000], body[40_000:]])
        for sent, refusal in ((body, 413), (pieces, 411)):
            answer = self.post_notice(sent)
            self.assertEqual(answer.status_code, refusal)

    @mute_logger("odoo.http", CONTROLLER)
    def test_a_notice_from_an_address_that_is_not_yookassas_is_turned_away(self):
        self.env["ir.config_parameter"].set_param("payment_yookassa.networks", False)
        answer = self.post_notice(
            '{"event": "payment.succeeded", "object": {"id": "1"}}'
        )
        self.assertEqual(answer.status_code, 403)
        self.assertFalse(self.env["payment.yookassa.notice"].search([]))

    def go_to_bank(self, transaction, token=None):
        return self.opener.post(
            f"{self.base_url()}/payment/yookassa/redirect",
            {
                "reference": transaction.reference,
                "access_token": token or transaction._yookassa_get_token(),
            },
            timeout=60,
        )

    def post_notice(self, body):
        return self.url_open(
            self.webhook, data=body, headers={"Content-Type": "application/json"}
        )
