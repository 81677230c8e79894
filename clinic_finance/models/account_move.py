from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    clinic_patient_id = fields.Many2one(
        "clinic.patient",
        string="Patient",
        index="btree_not_null",
        ondelete="restrict",
        copy=True,
    )
    clinic_appointment_id = fields.Many2one(
        "clinic.appointment",
        string="Visit",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )

    @api.depends("clinic_patient_id")
    def _compute_payment_state(self):
        result = super()._compute_payment_state()
        # Whoever made the payment need not be allowed to write charges.
        self.sudo().line_ids.clinic_charge_id._sync_paid()
        return result

    def _get_receivable_lines(self):
        """The items on the payers' accounts."""
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
