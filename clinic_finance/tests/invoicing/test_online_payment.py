from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase
from odoo.addons.http_routing.tests.common import MockRequest

from ...controllers.payment_link import PaymentLink


@tagged("-at_install", "post_install")
class TestOnePaymentAtATime(ParallelCase):
    """Odoo's own button and our link, in real transactions of their own."""

    tables = (
        "payment_transaction",
        "payment_provider",
        "payment_method",
        "clinic_match",
        "clinic_payment_link",
        "clinic_payment_request",
        "account_move_line",
        "account_move",
        "clinic_charge",
    )

    @classmethod
    def create_data(cls, env):
        result = super().create_data(env)
        method = env["payment.method"].create({"name": "Race", "code": "race"})
        cls.method = method.id
        cls.provider = (
            env["payment.provider"]
            .create(
                {
                    "name": "Race",
                    "state": "test",
                    "is_published": True,
                    "payment_method_ids": [(6, 0, method.ids)],
                }
            )
            .id
        )
        method.active = True
        return result

    def make_invoice(self, number):
        """The committed invoice of a visit: its id, its token, the path of its link."""
        with self.open() as env:
            visits = env["clinic.appointment"]
            visit = visits.browse(visits.book(self.prepare(number, number)))
            charge = env["clinic.charge"].create(
                {
                    "patient_id": visit.patient_id.id,
                    "appointment_id": visit.id,
                    "service_id": visit.service_id.id,
                    "branch_id": visit.branch_id.id,
                    "company_id": visit.branch_id.company_id.id,
                    "payer_id": visit.patient_id.partner_id.id,
                    "date": visit.start.date(),
                    "price": 100,
                }
            )
            charge.service_id.taxes_id = False
            invoice = charge._create_invoices()
            link = charge.payment_request_ids.link_ids
            return invoice.id, invoice._portal_ensure_token(), link._get_token()

    def values(self, **vals):
        return {
            "provider_id": self.provider,
            "payment_method_id": self.method,
            "token_id": None,
            "amount": 100,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/elsewhere",
            **vals,
        }

    @contextmanager
    def request(self, env, user):
        with MockRequest(env(user=env.ref(user), su=False)) as request:
            request.is_frontend = False  # no page of a website around the answer
            yield

    def press_odoos(self, env, invoice, token, **vals):
        """Odoo's *Pay Now* on the page of the invoice."""
        with self.request(env, "base.public_user"):
            return PaymentLink().invoice_transaction.original_endpoint(
                PaymentLink(), invoice, token, **self.values(**vals)
            )

    def press_ours(self, env, link):
        with self.request(env, "base.public_user"):
            return PaymentLink().clinic_pay_transaction.original_endpoint(
                PaymentLink(), link, **self.values()
            )

    def transactions(self, env, invoice):
        return env["account.move"].browse(invoice)._get_transactions()

    def test_two_tabs_of_odoos_button_lead_to_one_payment(self):
        invoice, token, _link = self.make_invoice(0)
        with self.open() as first, self.open() as second:
            second.cr.execute("SELECT 1")  # its snapshot
            self.press_odoos(first, invoice, token)
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.press_odoos(second, invoice, token)
            second.cr.rollback()
            # The server runs it again, with what is true then.
            again = self.press_odoos(second, invoice, token)
            self.assertEqual(
                again["reference"], self.transactions(second, invoice).reference
            )

    def test_odoos_button_and_our_link_lead_to_one_payment(self):
        invoice, token, link = self.make_invoice(1)
        with self.open() as first, self.open() as second:
            second.cr.execute("SELECT 1")
            self.press_ours(first, link)
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.press_odoos(second, invoice, token)
            second.cr.rollback()
            self.press_odoos(second, invoice, token)
            transaction = self.transactions(second, invoice)
            self.assertEqual(len(transaction), 1)
            # The page that shows less is where both come back.
            self.assertIn(link, transaction.landing_route)

    def test_odoos_button_answers_like_our_link_while_a_payment_is_under_way(self):
        invoice, token, link = self.make_invoice(2)
        with self.open() as env:
            self.press_odoos(env, invoice, token)
            self.transactions(env, invoice)._set_pending()
            answer = self.press_odoos(env, invoice, token)
            self.assertIn(f"/my/invoices/{invoice}", answer["redirect_form_html"])
            self.assertIn(link, self.press_ours(env, link)["redirect_form_html"])
            answer = self.press_odoos(env, invoice, token, flow="token", token_id=1)
            self.assertEqual(answer["state"], "error")
            self.assertEqual(len(self.transactions(env, invoice)), 1)

    def test_odoos_button_takes_no_more_than_is_due_and_only_what_is_offered(self):
        invoice, token, _link = self.make_invoice(3)
        with self.open() as env:
            for amount in (0, 101):
                answer = self.press_odoos(env, invoice, token, amount=amount)
                self.assertIn(f"/my/invoices/{invoice}", answer["redirect_form_html"])
            for wrong in (
                {"amount": -5},
                {"amount": "nan"},
                {"amount": None},
                {"provider_id": 0},
                {"payment_method_id": None},
                {"flow": "token", "token_id": 0},
            ):
                with self.subTest(wrong=wrong), self.assertRaises(Exception) as error:
                    self.press_odoos(env, invoice, token, **wrong)
                self.assertEqual(type(error.exception).__name__, "BadRequest")
            self.assertFalse(self.transactions(env, invoice))

    def test_the_money_is_the_payers_whoever_presses(self):
        invoice, token, _link = self.make_invoice(4)
        with self.open() as env:
            with self.request(env, "base.user_admin"):
                PaymentLink().invoice_transaction.original_endpoint(
                    PaymentLink(), invoice, token, **self.values()
                )
            transaction = self.transactions(env, invoice)
            payer = env["account.move"].browse(invoice).partner_id
            self.assertEqual(transaction.partner_id, payer)
