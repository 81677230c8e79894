from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    clinic_patient_id = fields.Many2one(
        "clinic.patient",
        string="Patient",
        compute="_compute_clinic_patient_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    clinic_receipt_ids = fields.One2many("clinic.receipt", "payment_id")

    _transaction_once = models.UniqueIndex(
        "(payment_transaction_id) WHERE payment_transaction_id IS NOT NULL"
        " AND state NOT IN ('canceled', 'rejected')",
        "This payment is counted already.",
    )

    @api.depends("invoice_ids")
    def _compute_clinic_patient_id(self):
        for payment in self:
            patients = payment.invoice_ids.clinic_patient_id
            payment.clinic_patient_id = (
                patients if len(patients) == 1 else payment.clinic_patient_id
            )

    def _generate_move_vals(self, *args, **kwargs):
        vals = super()._generate_move_vals(*args, **kwargs)
        return {**vals, "clinic_patient_id": self.clinic_patient_id.id}

    def action_post(self):
        result = super().action_post()
        self.filtered("clinic_patient_id")._create_receipts()
        return result

    def _create_receipts(self):
        """One receipt per payment; its key makes a second one impossible."""
        # A receipt follows every payment, whoever was allowed to take the money.
        self.env["clinic.receipt"].sudo()._create_for_payments(self)
