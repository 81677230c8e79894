from odoo import api, fields, models

# Who works with money; others read entries without what hangs on them.
RECEIPT_READERS = "clinic_base.group_cashier,clinic_base.group_accountant"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["clinic.engine.mixin", "account.move", "clinic.touch.mixin"]
    # Entries are made by hand; what the ledger says of them is not.
    _created_by_engine = False
    _engine_is_superuser = True

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

    clinic_receipt_ids = fields.One2many(
        "clinic.receipt", "move_id", groups=RECEIPT_READERS
    )

    @api.model
    def _get_engine_fields(self):
        return frozenset({"payment_state", "amount_residual", "amount_residual_signed"})

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._sync_charges()
        return result

    def _sync_charges(self):
        """Charges follow their invoices, wherever money comes or goes: when items are
        matched or parted, and when an entry is posted, drafted or cancelled."""
        # Whoever moves the money need not be allowed to write charges.
        self.sudo().line_ids.clinic_charge_id._sync_paid()

    def _get_receivable_lines(self):
        """The items on the payers' accounts."""
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _get_paid_receipts(self):
        """Receipts of the money that the entries book."""
        return self.clinic_receipt_ids | self.origin_payment_id._get_paid_receipts()

    def _touch_rendered(self):
        """Keep the end of the day and a payment of the same services apart.

        Whoever comes second is run again by the server, so that a service is not both
        paid on its day and rendered on credit.
        """
        charges = self.line_ids.clinic_charge_id.filtered(
            lambda charge: (
                not charge.handed_over and charge.appointment_id.state == "done"
            )
        )
        if charges:
            charges._touch()
