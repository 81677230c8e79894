from odoo import api, models
from odoo.fields import Command, Domain


class ClinicReceipt(models.Model):
    """Receipts of transfers to the bank by private persons (54-ФЗ, art. 1.2)."""

    _inherit = "clinic.receipt"

    @api.model
    def _create_for_transfer(self, line):
        """The receipt of a transfer that has been reconciled with a payer's account.

        None where a company, an insurer or an employer pays, nor for what settles
        payments that have receipts of their own. The key makes a second one impossible,
        also when the line is reconciled anew.

        :param line: one line of a bank statement
        """
        items = line.move_id._get_receivable_lines()
        payer = items.partner_id
        if line.amount <= 0 or len(payer) != 1 or not payer._is_private_payer():
            return self.browse()
        partials = items.matched_debit_ids.sorted("id")
        paid = partials.debit_move_id
        patients = (items | paid).clinic_patient_id or self._find_patients_of(payer)
        if not patients:
            return self.browse()
        paid.move_id._touch_rendered()
        currency = items.currency_id[:1]
        amount = currency.round(-sum(items.mapped("amount_currency")))
        lines = self._prepare_taken_lines(line.move_id, amount, currency)
        return self._create_once(
            [
                {
                    "key": f"transfer-{line.id}",
                    "kind": "income",
                    "patient_id": len(patients) == 1 and patients.id,
                    "payer_id": payer.id,
                    "move_id": line.move_id.id,
                    "company_id": line.company_id.id,
                    "currency_id": currency.id,
                    "amount": amount,
                    "line_ids": [Command.create(vals) for vals in lines],
                }
            ]
        )

    @api.model
    def _find_patients_of(self, payer):
        """Patients for whom a private ``payer`` pays."""
        return self.env["clinic.patient"].search(
            Domain("payer_id", "=", payer.id)
            | Domain("payer_id", "=", False) & Domain("partner_id", "=", payer.id)
        )
