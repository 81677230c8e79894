"""A shop at the fake YooKassa, and a company that takes roubles."""

from unittest.mock import patch
from urllib.parse import urlsplit

from odoo.tests import new_test_user
from odoo.tests.common import _super_send

from odoo.addons.base.tests.common import BaseCommon

from ..tools.api import RefusedError, UncertainError, YooKassa
from .fake_yookassa import SECRET, SHOP, FakeYooKassa

TIMEOUT = 0.5


class YooKassaCommon(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rub = cls.env.ref("base.RUB")
        cls.rub.active = True
        cls.company = cls.env.company
        cls.company.currency_id = cls.rub
        cls.accountant = new_test_user(
            cls.env,
            "yookassa_books",
            groups="account.group_account_user",
        )
        cls.partner = cls.env["res.partner"].create(
            {"name": "Payer", "email": "payer@example.com", "phone": "+79160000001"}
        )
        cls.enable_shop()
        cls.provider.yookassa_user_id = cls.accountant
        short = patch.object(YooKassa, "timeout", TIMEOUT)
        short.start()
        cls.addClassCleanup(short.stop)

    @classmethod
    def enable_shop(cls):
        cls.fake = FakeYooKassa()
        cls.addClassCleanup(cls.fake.close)
        cls.env["ir.config_parameter"].set_param(
            "payment_yookassa.api_url", cls.fake.url
        )
        cls.env["ir.config_parameter"].set_param(
            "payment_yookassa.networks", "127.0.0.0/8"
        )
        cls.provider = cls.create_provider(cls.company)
        cls.card = cls.env.ref("payment.payment_method_card")
        cls.sbp = cls.env.ref("payment_yookassa.payment_method_sbp")

    @classmethod
    def create_provider(cls, company, **vals):
        origin = cls.env.ref("payment_yookassa.payment_provider_yookassa")
        found = origin.search(
            [("code", "=", "yookassa"), ("company_id", "=", company.id)]
        )
        provider = found or origin.copy({"company_id": company.id})
        provider.write(
            {
                "yookassa_shop_id": SHOP,
                "yookassa_secret_key": SECRET,
                "state": "test",
                "is_published": True,
                **vals,
            }
        )
        if not provider.journal_id:
            provider.journal_id = cls.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
            )
        return provider

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo makes time-outs of tests longer; here they are what is tested.
        if urlsplit(r.url).hostname == "127.0.0.1":
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def setUp(self):
        super().setUp()
        self.fake.faults.clear()
        self.fake.requests.clear()
        self.fake.webhook = None
        self.known = set(self.fake.payments)

    @property
    def cases(self):
        return self.env["payment.yookassa.case"].search(
            [("provider_id", "=", self.provider.id)]
        )

    def create_transaction(self, amount=1500.0, method=None, **vals):
        """A transaction as Odoo's payment form makes it, written down for YooKassa."""
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": (method or self.card).id,
                "amount": amount,
                "currency_id": self.rub.id,
                "partner_id": self.partner.id,
                "operation": "online_redirect",
                "reference": self.env["payment.transaction"]._compute_reference(
                    "yookassa", prefix="PAY"
                ),
                **vals,
            }
        )
        transaction._get_processing_values()
        return transaction

    def start(self, amount=1500.0, **vals):
        """A transaction whose payer is on the bank's page."""
        transaction = self.create_transaction(amount, **vals)
        transaction._yookassa_start()
        return transaction

    def start_in_vain(self, transaction):
        """What a payer's request does when YooKassa does not do its part.

        Not assertRaises, which would take back what was written down.
        """
        try:
            transaction._yookassa_start()
        except (RefusedError, UncertainError):
            return
        self.fail("The payment was started")

    @property
    def new_payments(self):
        """Numbers of the payments that the shop has got in this test."""
        return self.fake.payments.keys() - self.known

    def start_and_pay(self, amount=1500.0, **vals):
        """A payment that is booked."""
        transaction = self.start(amount, **vals)
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.succeeded", transaction.provider_reference)
        self.run_cron()
        return transaction

    def notice(self, event, object_id, provider=None):
        return self.env["payment.yookassa.notice"]._receive(
            provider or self.provider, event, object_id
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_yookassa.ir_cron_follow_up").method_direct_trigger()
        self.env.invalidate_all()

    def ask_all(self):
        """Whatever is planned is due now."""
        waiting = self.env["payment.transaction"].search(
            [("yookassa_ask_at", "!=", False)]
        )
        waiting.yookassa_ask_at = self.env.cr.now()
        self.env["payment.yookassa.notice"].search(
            [("state", "=", "new")]
        ).ask_at = self.env.cr.now()
        self.run_cron()

    def calls(self, method, path):
        """Calls of the API so far."""
        return [one for one in self.fake.requests if one[:2] == (method, path)]
