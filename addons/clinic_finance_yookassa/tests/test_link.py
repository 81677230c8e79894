import re

from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import ClinicYooKassaCommon


@tagged("post_install", "-at_install")
class TestLink(ClinicYooKassaCommon, HttpCase):
    """From the link in a message to the booked payment, all over real HTTP."""

    def test_who_opens_the_link_pays_at_the_bank_and_the_invoice_is_paid(self):
        request, path = self.send_link()
        page = self.url_open(path)
        self.assertIn("SBP", page.text)
        form = self.read_form(self.begin(path))
        bank = self.go_to_bank(form)
        self.assertIn("3000.00", bank.text)
        # Back without having paid: the page leads to the same payment.
        page = self.url_open(path)
        self.assertIn("Go on with the payment", page.text)
        again = self.go_to_bank(form)
        self.assertEqual(again.url, bank.url)
        self.fake.webhook = (
            f"{self.base_url()}/payment/yookassa/webhook/{self.provider.id}"
        )
        status = self.opener.post(f"{bank.url}/pay")
        self.assertTrue(status.url.endswith("/payment/status"))
        self.run_cron()
        self.assertEqual((request.state, request.amount_due), ("paid", 0))
        self.assertEqual(request.transaction_ids.payment_id.amount, 3000)
        self.assertEqual(self.patient.account_balance, 3000)
        page = self.url_open(path)
        self.assertIn("Paid, thank you", page.text)
        self.assertEqual(len(self.new_payments), 1)

    def test_two_tabs_of_a_link_lead_to_one_payment(self):
        request, path = self.send_link()
        first, second = (self.read_form(self.begin(path)) for _tab in range(2))
        self.assertEqual(first, second)
        banks = {self.go_to_bank(form).url for form in (first, second)}
        self.assertEqual(len(banks), 1)
        self.assertEqual(len(request.transaction_ids), 1)
        # A third one, by another means, is led to the payment that is under way.
        self.assert_leads_back(self.begin(path, self.card), path)
        self.assertIn("Go on with the payment", self.url_open(path).text)
        self.assertEqual(len(self.new_payments), 1)

    def test_a_tab_that_chooses_anew_gives_up_what_the_other_has_not_begun(self):
        request, path = self.send_link()
        first = self.read_form(self.begin(path))
        second = self.read_form(self.begin(path, self.card))
        self.assertNotEqual(first, second)
        self.go_to_bank(second)
        self.go_to_bank(first)
        self.assertEqual(len(self.new_payments), 1)
        states = sorted(request.transaction_ids.mapped("state"))
        self.assertEqual(states, ["cancel", "pending"])

    def test_a_payment_that_is_received_and_not_booked_yet_is_not_asked_for_again(self):
        request, path = self.send_link()
        self.go_to_bank(self.read_form(self.begin(path)))
        transaction = request.transaction_ids
        self.fake.pay(transaction.provider_reference)
        transaction._yookassa_refresh()
        self.assertEqual(transaction.state, "done")
        self.assertNotIn("o_payment_form", self.url_open(path).text)
        self.assert_leads_back(self.begin(path), path)

    def test_a_paid_link_leads_back_to_the_page_that_says_so(self):
        request, path = self.send_link()
        self.pay_for(request.charge_ids)
        self.assert_leads_back(self.begin(path), path)
        self.assertFalse(request.transaction_ids)

    @mute_logger("odoo.http")
    def test_the_link_of_a_cancelled_visit_takes_no_money(self):
        request, path = self.send_link()
        form = self.read_form(self.begin(path))
        request.charge_ids.appointment_id.cancel(self.reason.id)
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 404)
        self.assertEqual(self.begin(path), {})
        # Neither does a form that was open before.
        self.go_to_bank(form)
        self.assertFalse(self.new_payments)
        self.assertEqual(request.transaction_ids.state, "cancel")

    @mute_logger("odoo.http")
    def test_only_what_the_page_offers_is_taken(self):
        request, path = self.send_link()
        other = self.create_provider(
            self.env["res.company"].create({"name": "Other"}), state="disabled"
        )
        hidden = self.env["payment.method"].create({"name": "Other", "code": "other"})
        for wrong in (
            {"provider_id": other.id},
            {"provider_id": 0},
            {"provider_id": None},
            {"provider_id": [self.provider.id]},
            {"provider_id": "1"},
            {"payment_method_id": hidden.id},
            {"payment_method_id": {}},
            {"flow": "token"},
            {"flow": []},
        ):
            with (
                self.subTest(wrong=wrong),
                self.assertRaises(JsonRpcException) as error,
            ):
                self.begin(path, **wrong)
            self.assertIn("BadRequest", str(error.exception))
        self.assertFalse(request.transaction_ids)

    def test_a_russian_number_leads_to_the_bank_and_back(self):
        sequence = self.env.ref("clinic_finance.clinic_payment_request_sequence")
        sequence.prefix = "СЧ/%(year)s/"
        request, path = self.send_link()
        bank = self.go_to_bank(self.read_form(self.begin(path)))
        self.assertIn(request.name, request.transaction_ids.reference)
        self.assertTrue(request.name.startswith("СЧ/"))
        back = self.opener.post(f"{bank.url}/pay", allow_redirects=False)
        self.assertTrue(back.headers["Location"].isascii())
        page = self.opener.get(back.headers["Location"])
        self.assertEqual(page.status_code, 200)
        self.assertEqual(request.transaction_ids.state, "done")

    def send_link(self):
        """A request and the path of its link."""
        # The shop posts its notices without the cookie of the test.
        self.http_request_allow_all = True
        self.env["ir.config_parameter"].set_param("web.base.url", self.base_url())
        charges = self.book().charge_ids
        charges._ask()
        request = charges.payment_request_ids
        return request, request.link_ids._get_path()

    def begin(self, path, method=None, **values):
        """What the page gets when *Pay* is pressed."""
        return self.make_jsonrpc_request(
            f"{path}/transaction",
            {
                "provider_id": self.provider.id,
                "payment_method_id": (method or self.sbp).id,
                "token_id": None,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/elsewhere",
                "is_validation": False,
                **values,
            },
        )

    def read_form(self, values):
        return dict(
            re.findall(r'name="(\w+)" value="([^"]+)"', values["redirect_form_html"])
        )

    def go_to_bank(self, form):
        return self.opener.post(f"{self.base_url()}/payment/yookassa/redirect", form)

    def assert_leads_back(self, values, path):
        self.assertIn(f'action="{path}"', values["redirect_form_html"])
