from odoo.addons.clinic_finance.tests.common import FinanceCommon
from odoo.addons.payment_yookassa.tests.common import YooKassaCommon


class ClinicYooKassaCommon(YooKassaCommon, FinanceCommon):
    """A clinic whose shop prints receipts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.yookassa_receipts = True
        cls.patient.partner_id.email = "patient@example.com"

    def start_for(self, invoice, amount=None):
        """The payer of ``invoice`` is on the bank's page."""
        return self.start(
            amount or invoice.amount_residual,
            partner_id=invoice.partner_id.id,
            invoice_ids=[(6, 0, invoice.ids)],
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
