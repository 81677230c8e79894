from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestPaymentLink(FinanceCommon):
    def send_link(self, visit):
        """The link of the request for ``visit``, told to the patient."""
        visit.charge_ids._ask()
        return visit.charge_ids.payment_request_ids.link_ids

    def test_a_request_gets_one_link_and_the_patient_one_message(self):
        links = self.send_link(self.book())
        self.assertEqual(len(links), 1)
        links._notify_patients()
        messages = self.env["clinic.message"].search(
            [("purpose", "=", "payment_link"), ("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(len(messages), 1)

    def test_links_cannot_be_guessed_from_one_another(self):
        links = self.env["clinic.payment.link"]
        for clock in ("09:00", "10:00"):
            links |= self.send_link(self.book(clock))
        tokens = [link._get_token() for link in links]
        self.assertEqual(len(set(tokens)), 2)
        self.assertGreaterEqual(min(map(len, tokens)), 32)

    def test_an_expired_or_revoked_link_opens_nothing(self):
        link = self.send_link(self.book())
        self.assertEqual(link._find(link._get_token()), link)
        link.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertFalse(link._find(link._get_token()))
        link.expires_at = fields.Datetime.now() + timedelta(days=1)
        link.action_revoke()
        self.assertFalse(link._find(link._get_token()))

    def test_cancelling_the_visit_revokes_the_link(self):
        visit = self.book()
        link = self.send_link(visit)
        visit.cancel(self.reason.id)
        self.assertTrue(link.revoked_on)
        self.assertEqual(link.request_id.state, "withdrawn")

    def test_no_message_asks_for_a_visit_that_was_cancelled_meanwhile(self):
        visit = self.book()
        self.send_link(visit)
        visit.cancel(self.reason.id)
        message = self.env["clinic.message"].search(
            [("purpose", "=", "payment_link"), ("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(message._get_drop_reason(fields.Datetime.now()), "changed")

    def test_no_message_asks_for_what_has_been_paid_meanwhile(self):
        visit = self.book()
        self.send_link(visit)
        self.pay_for(visit.charge_ids)
        message = self.env["clinic.message"].search(
            [("purpose", "=", "payment_link"), ("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(message._get_drop_reason(fields.Datetime.now()), "changed")


@tagged("-at_install", "post_install")
class TestPaymentLinkPage(HttpCase):
    def test_an_unknown_link_says_so(self):
        answer = self.url_open("/clinic/pay/unknown-token")
        self.assertEqual(answer.status_code, 404)
        self.assertNotIn("o_payment_form", answer.text)

    def test_an_unknown_link_starts_no_payment(self):
        result = self.make_jsonrpc_request("/clinic/pay/unknown-token/transaction", {})
        self.assertEqual(result, {})
