from odoo import models
from odoo.fields import Command


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _is_under_way(self):
        """Whether a payment may have been made by ``self`` that is not booked yet, so
        that another one would be paid twice.

        Providers that know more say so.
        """
        self.ensure_one()
        if self.operation == "refund":
            return False
        return self.state in ("pending", "authorized") or (
            self.state == "done" and not self.is_post_processed
        )

    def _withdraw(self):
        """Give up drafts; of use to providers that know that nobody can pay them."""

    def _create_child_transaction(
        self, amount, is_refund=False, **custom_create_values
    ):
        """A capture pays the same invoices; Odoo forgets them."""
        if not is_refund and self.invoice_ids:
            custom_create_values.setdefault(
                "invoice_ids", [Command.set(self.invoice_ids.ids)]
            )
        return super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )

    def _create_payment(self, **extra_create_values):
        """Payments and refunds carry the patient of the invoices, and so a receipt."""
        invoices = self.invoice_ids or self.source_transaction_id.invoice_ids
        patient = invoices.clinic_patient_id
        if len(patient) == 1:
            extra_create_values.setdefault("clinic_patient_id", patient.id)
        return super()._create_payment(**extra_create_values)
