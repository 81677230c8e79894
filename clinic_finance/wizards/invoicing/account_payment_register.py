from odoo import models
from odoo.fields import Command


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payment_vals_from_wizard(self, batch_result):
        vals = super()._create_payment_vals_from_wizard(batch_result)
        return {**vals, **self._prepare_clinic_vals(batch_result)}

    def _create_payment_vals_from_batch(self, batch_result):
        vals = super()._create_payment_vals_from_batch(batch_result)
        return {**vals, **self._prepare_clinic_vals(batch_result)}

    def _prepare_clinic_vals(self, batch_result):
        """The payment of a patient's invoices carries patient and invoices."""
        patients = batch_result["lines"].clinic_patient_id
        if not patients:
            return {}
        invoices = batch_result["lines"].move_id
        return {
            "clinic_patient_id": patients.id if len(patients) == 1 else False,
            "invoice_ids": [Command.set(invoices.ids)],
        }
