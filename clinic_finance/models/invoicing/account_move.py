from odoo import api, fields, models
from odoo.exceptions import UserError

# Who works with money; others read entries without what hangs on them.
RECEIPT_READERS = "clinic_base.group_cashier,clinic_base.group_accountant"


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["clinic.kept.mixin", "account.move", "clinic.payable.mixin"]

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

    _kept_fields = frozenset(
        (
            "clinic_appointment_id",
            "clinic_branch_id",
            "clinic_patient_id",
            "company_id",
            "currency_id",
            "date",
            "fiscal_position_id",
            "invoice_date",
            "invoice_date_due",
            "invoice_payment_term_id",
            "journal_id",
            "move_type",
            "name",
            "origin_payment_id",
            "partner_id",
            "reversed_entry_id",
        )
    )

    @api.model
    def _get_engine_fields(self):
        return frozenset(
            {
                "payment_state",
                "amount_residual",
                "amount_residual_signed",
                "clinic_money_id",
                "clinic_reserve_id",
            }
        )

    # === KEPT AS POSTED === #

    def _is_of_clinic(self):
        lines = self.line_ids
        return bool(
            self.clinic_patient_id
            or self.clinic_appointment_id
            or lines.clinic_charge_id
            or lines.clinic_patient_id
            or self.origin_payment_id._is_of_clinic()
        ) and not (
            # Lines of bank statements have their own way back: “Unreconcile”.
            self.statement_line_id
        )

    def _is_kept(self):
        return self.state != "draft" and self._is_of_clinic()

    def _raise_kept(self):
        if self.filtered(lambda move: move.move_type == "entry"):
            return self.env["account.payment"]._raise_kept()
        raise UserError(
            self.env._(
                "A patient's invoice that is posted is never reset or cancelled: cancel"
                " or correct the charge, or make a credit note."
            )
        )

    def _post(self, soft=True):
        posted = super(AccountMove, self._as_engine())._post(soft)
        posted._apply_credit_notes()
        return posted

    def button_draft(self):
        """:raises UserError: what is posted for a patient is corrected, not reset"""
        self._check_rewritable()
        return super(AccountMove, self._as_engine()).button_draft()

    def button_cancel(self):
        """:raises UserError: a patient's posted invoice is corrected, not cancelled"""
        self._check_rewritable()
        return super(AccountMove, self._as_engine()).button_cancel()

    def js_remove_outstanding_partial(self, partial_id):
        """Whoever parts a payment from its invoice wants it to wait."""
        self.check_access("write")
        partial = self.env["account.partial.reconcile"].browse(partial_id)
        lines = partial.debit_move_id | partial.credit_move_id
        if not lines & self.line_ids:
            raise UserError(self.env._("This payment is no payment of the invoice."))
        with lines._parting(partial):
            engine = super(AccountMove, self._as_engine())
            return engine.js_remove_outstanding_partial(partial_id)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Invoices are reversed; the money of payments goes back by refunds.

        :raises UserError: for the entry of a patient's payment
        """
        self.filtered(lambda move: move.move_type == "entry")._check_rewritable()
        return super(AccountMove, self._as_engine())._reverse_moves(
            default_values_list, cancel
        )

    # === CHARGES === #

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._sync_charges()
        return result

    def _sync_charges(self):
        """Charges follow their invoices, wherever money comes or goes: when items are
        matched or parted, and when an entry is posted, drafted or cancelled."""
        # Whoever moves the money need not be allowed to write charges.
        if charges := self.sudo().line_ids.clinic_charge_id:
            charges._sync_paid()
            self.env["clinic.receipt"]._note_touched(charges)

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
