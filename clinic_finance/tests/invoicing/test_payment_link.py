from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestPaymentLink(FinanceCommon):
    def test_an_invoice_gets_one_link_and_the_patient_one_message(self):
        invoice = self.invoice(self.book())
        links = self.env["clinic.payment.link"].search([("move_id", "=", invoice.id)])
        self.assertEqual(len(links), 1)
        links._notify_patients()
        messages = self.env["clinic.message"].search(
            [("purpose", "=", "payment_link"), ("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(len(messages), 1)

    def test_links_cannot_be_guessed_from_one_another(self):
        links = self.env["clinic.payment.link"]
        for clock in ("09:00", "10:00"):
            invoice = self.invoice(self.book(clock))
            links |= links.search([("move_id", "=", invoice.id)])
        tokens = [link._get_token() for link in links]
        self.assertEqual(len(set(tokens)), 2)
        self.assertGreaterEqual(min(map(len, tokens)), 32)

    def test_an_expired_or_revoked_link_opens_nothing(self):
        link = self.env["clinic.payment.link"].search(
            [("move_id", "=", self.invoice(self.book()).id)]
        )
        self.assertEqual(link._find(link._get_token()), link)
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(link._find(link._get_token()))
        link.expires_at = fields.Datetime.now() + timedelta(days=1)
        link.action_revoke()
        self.assertFalse(link._find(link._get_token()))

    def test_cancelling_the_visit_revokes_the_link(self):
        visit = self.book()
        link = self.env["clinic.payment.link"].search(
            [("move_id", "=", self.invoice(visit).id)]
        )
        visit.cancel(self.reason.id)
        self.assertTrue(link.revoked_on)


@tagged("-at_install", "post_install")
class TestPaymentLinkPage(HttpCase):
    def test_an_unknown_link_says_so(self):
        answer = self.url_open("/clinic/pay/unknown-token")
        self.assertEqual(answer.status_code, 404)
        self.assertNotIn("o_payment_form", answer.text)

    def test_an_unknown_link_starts_no_payment(self):
        result = self.make_jsonrpc_request("/clinic/pay/unknown-token/transaction", {})
        self.assertEqual(result, {})
