import re

from odoo.tests import HttpCase, tagged

from .common import ClinicYooKassaCommon


@tagged("post_install", "-at_install")
class TestLink(ClinicYooKassaCommon, HttpCase):
    """From the link in a message to the booked payment, all over real HTTP."""

    def test_who_opens_the_link_pays_at_the_bank_and_the_invoice_is_paid(self):
        # The shop posts its notices without the cookie of the test.
        self.http_request_allow_all = True
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        invoice = self.invoice(self.book())
        link = self.env["clinic.payment.link"].search([("move_id", "=", invoice.id)])
        path = f"/clinic/pay/{link.token}"
        page = self.url_open(path)
        self.assertIn("SBP", page.text)
        values = self.make_jsonrpc_request(
            f"{path}/transaction",
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.sbp.id,
                "token_id": None,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/elsewhere",
                "is_validation": False,
                "access_token": link.token,
            },
        )
        form = dict(
            re.findall(r'name="(\w+)" value="([^"]+)"', values["redirect_form_html"])
        )
        bank = self.opener.post(f"{self.base_url()}/payment/yookassa/redirect", form)
        self.assertIn("3000.00", bank.text)
        # Back without having paid: the page leads to the same payment.
        page = self.url_open(path)
        self.assertIn("Go on with the payment", page.text)
        again = self.opener.post(f"{self.base_url()}/payment/yookassa/redirect", form)
        self.assertEqual(again.url, bank.url)
        self.fake.webhook = (
            f"{self.base_url()}/payment/yookassa/webhook/{self.provider.id}"
        )
        status = self.opener.post(f"{bank.url}/pay")
        self.assertTrue(status.url.endswith("/payment/status"))
        self.run_cron()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(invoice.transaction_ids.payment_id.amount, 3000)
        page = self.url_open(path)
        self.assertIn("Paid, thank you", page.text)
        self.assertEqual(len(self.new_payments), 1)
