from odoo.addons.clinic_finance.tests.common import FinanceCommon
from odoo.addons.payment_yookassa.tests.common import YooKassaCommon


class ClinicYooKassaCommon(YooKassaCommon, FinanceCommon):
    """A clinic whose shop prints receipts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.yookassa_receipts = True
        cls.patient.partner_id.email = "patient@example.com"

    def start_for(self, charges, amount=None):
        """The payer is on the bank's page, for a request that asks for ``charges``."""
        request = charges.payment_request_ids[:1] or self.ask(charges)
        return self.start(
            amount or request.amount_due,
            partner_id=request.payer_id.id,
            clinic_request_id=request.id,
        )

    def pay_at_bank(self, transaction):
        self.fake.pay(transaction.provider_reference)
        self.notice("payment.succeeded", transaction.provider_reference)
        self.run_cron()

    def print_receipts(self):
        waiting = self.env["clinic.receipt"].search([("yookassa_ask_at", "!=", False)])
        waiting.yookassa_ask_at = self.env.cr.now()
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_finance_yookassa.ir_cron_receipts"
            ).method_direct_trigger()
        self.env.invalidate_all()
