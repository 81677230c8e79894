from odoo import api, fields, models
from odoo.exceptions import UserError

from ..invoicing.account_move import RECEIPT_READERS


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["clinic.kept.mixin", "account.payment", "clinic.touch.mixin"]

    clinic_patient_id = fields.Many2one(
        "clinic.patient",
        string="Patient",
        compute="_compute_clinic_patient_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    clinic_charge_ids = fields.Many2many(
        "clinic.charge",
        string="Paid for",
        readonly=True,
        copy=False,
        help="What the money waits for: it pays this before anything else.",
    )
    clinic_only_patient = fields.Boolean(
        string="Only this patient",
        help="Pays invoices of this patient only; what is over stays on the account."
        " Else it pays the family's other invoices after the patient's own.",
    )
    clinic_refund_of_id = fields.Many2one(
        "account.payment",
        string="Gives back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    clinic_refund_ids = fields.One2many(
        "clinic.refund", "payment_id", string="Refunds", groups=RECEIPT_READERS
    )
    clinic_receipt_ids = fields.One2many(
        "clinic.receipt", "payment_id", groups=RECEIPT_READERS
    )

    _transaction_once = models.UniqueIndex(
        "(payment_transaction_id) WHERE payment_transaction_id IS NOT NULL"
        " AND state NOT IN ('canceled', 'rejected')",
        "This payment is counted already.",
    )

    @api.depends("invoice_ids")
    def _compute_clinic_patient_id(self):
        for payment in self:
            patients = payment.invoice_ids.clinic_patient_id
            if not payment.clinic_patient_id and len(patients) == 1:
                payment.clinic_patient_id = patients

    def _generate_move_vals(self, *args, **kwargs):
        vals = super()._generate_move_vals(*args, **kwargs)
        return {**vals, "clinic_patient_id": self.clinic_patient_id.id}

    # === KEPT AS POSTED === #

    _kept_fields = frozenset(
        (
            "amount",
            "clinic_charge_ids",
            "clinic_patient_id",
            "company_id",
            "currency_id",
            "date",
            "destination_account_id",
            "invoice_ids",
            "journal_id",
            "move_id",
            "outstanding_account_id",
            "partner_id",
            "partner_type",
            "payment_method_line_id",
            "payment_transaction_id",
            "payment_type",
            "source_payment_id",
        )
    )

    @api.model
    def _get_engine_fields(self):
        return frozenset({"clinic_refund_of_id"})

    def _is_of_clinic(self):
        # Of an insurer's payment, what it has paid tells.
        paid = self._get_partials().debit_move_id
        return bool(self.clinic_patient_id or paid.clinic_patient_id)

    def _is_kept(self):
        return self.state not in (False, "draft") and self._is_of_clinic()

    def _raise_kept(self):
        raise UserError(
            self.env._(
                "A patient's payment that is posted is neither reset nor cancelled:"
                " “Give back” books the money and its receipt."
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Patients' payments go to the advances of their company, made if missing.

        :raises UserError: by hand, for a payment that is posted without an entry
        """
        journals = self.env["account.journal"]
        for vals in vals_list:
            journal = journals.browse(vals.get("journal_id"))
            # Who takes the money need not be allowed to see or make accounts.
            company = (journal.company_id or self.env.company).sudo()
            if vals.get("clinic_patient_id") and company.chart_template:
                company._get_advance_account()
        payments = super().create(vals_list)
        if not self._is_engine() and any(
            vals.get("state", "draft") != "draft" for vals in vals_list
        ):
            payments._check_rewritable()
        return payments

    def _generate_journal_entry(self, *args, **kwargs):
        return super(AccountPayment, self._as_engine())._generate_journal_entry(
            *args, **kwargs
        )

    def action_validate(self):
        return super(AccountPayment, self._as_engine()).action_validate()

    def action_draft(self):
        """:raises UserError: a patient's posted payment is given back, not reset"""
        self._check_rewritable()
        return super(AccountPayment, self._as_engine()).action_draft()

    def action_reject(self):
        """:raises UserError: a patient's posted payment is given back"""
        self._check_rewritable()
        return super(AccountPayment, self._as_engine()).action_reject()

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # Without an entry of its own, the payment's state is the invoice's.
            without_entry = self.filtered(lambda payment: not payment.move_id)
            without_entry.invoice_ids._sync_charges()
        return result

    def action_post(self):
        with self.env["clinic.receipt"]._telling():
            result = super(AccountPayment, self._as_engine()).action_post()
            payments = self.filtered("clinic_patient_id")
            payments._match_refunds()
            payments._match_invoices()
            payments._create_receipts()
        payments._ask_about_cancelled()
        return result

    def action_cancel(self):
        """The entry of a patient's payment is cancelled, not deleted as Odoo would do
        with a draft: receipts and the log of matches go on telling of it.

        :raises UserError: a posted one, which is given back
        """
        self._check_rewritable()
        self = self._as_engine()
        kept = self.filtered("clinic_patient_id")
        kept.state = "canceled"
        kept.move_id.button_cancel()
        return super(AccountPayment, self - kept).action_cancel()

    @api.depends("clinic_patient_id", "invoice_ids", "clinic_refund_of_id")
    def _compute_destination_account_id(self):
        """Patients' money is an advance until something rendered takes it."""
        drafts = self.filtered(lambda payment: payment.state in (False, "draft"))
        result = super(AccountPayment, drafts)._compute_destination_account_id()
        for payment in self - drafts:
            payment.destination_account_id = payment.destination_account_id
        for payment in drafts.filtered(lambda payment: payment._is_advance()):
            # Who takes the money need not be allowed to see accounts.
            account = payment.company_id.sudo().clinic_advance_account_id
            payment.destination_account_id = account or payment.destination_account_id
        return result

    def _get_outstanding_account(self, payment_type):
        """What a provider has taken by card is on its way from the acquirer (57.03)."""
        if self.payment_method_line_id.sudo().payment_provider_id:
            # Who takes the money need not be allowed to see accounts.
            account = self.company_id.sudo()._find_account("57.03")
            if account:
                return account
        return super()._get_outstanding_account(payment_type)

    def _is_advance(self):
        """Whether the money, or what goes back of it, is a private payer's and not for
        invoices that are posted."""
        if self.partner_type != "customer" or self.currency_id != (
            self.company_id.currency_id
        ):
            return False
        # Who pays by an insurer is asked of the sources, which cashiers do not read.
        bound = self.env["clinic.match"].sudo()._get_bound_payers(self.partner_id)
        if bound or not (self.clinic_patient_id or self._get_source()):
            return False
        owed = sum(self.invoice_ids.mapped("amount_residual"))
        return self.payment_type == "outbound" or owed < self.amount

    def _ask_about_cancelled(self):
        """Money that comes for what has been cancelled meanwhile is a person's task."""
        for payment in self.filtered("clinic_charge_ids"):
            # Whoever took the money need not see what has been cancelled.
            states = set(payment.sudo().clinic_charge_ids.mapped("state"))
            if states == {"cancelled"}:
                payment.sudo()._schedule_look(
                    self.env._(
                        "The money came after the visit was cancelled. It waits on the"
                        " account: give it back, or leave it for another visit."
                    )
                )

    def _schedule_look(self, note):
        """A task for an accountant."""
        accountants = self.env.ref("clinic_base.group_accountant").user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Money after a cancellation"),
            note=note,
            user_id=accountants[:1].id or self.env.uid,
        )

    def _match_invoices(self):
        """Pay what the payers owe; the invoices that a payment was made for first."""
        payments = self.filtered(
            lambda payment: (
                payment.payment_type == "inbound"
                and payment.move_id.state == "posted"
                # Others are matched by whoever made the payment.
                and all(
                    invoice.state == "posted"
                    and invoice.commercial_partner_id == payment.partner_id
                    for invoice in payment.invoice_ids
                )
            )
        )
        if payments:
            # Matching follows every payment, whoever was allowed to take the money.
            self.env["clinic.match"].sudo()._match(payments.partner_id)

    def _create_receipts(self):
        """One receipt per payment; its key makes a second one impossible."""
        # A receipt follows every payment, whoever was allowed to take the money.
        self.env["clinic.receipt"].sudo()._create_for_payments(self)

    def _get_receipt_key(self):
        """Key of the receipt: of what was handed over at once."""
        self.ensure_one()
        return f"payment-{self.id}"

    def _get_event_payment(self):
        """Hook: the first of the payments that were handed over at once."""
        return self

    def _get_paid_receipts(self):
        """Receipts of the money."""
        return self.clinic_receipt_ids

    # === REFUNDS === #

    def action_ask_refund(self):
        """Ask how much goes back, how and why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give back"),
            "res_model": "clinic.refund",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def _get_source(self):
        """The payment that this one gives back: in cash or at a provider."""
        return self.clinic_refund_of_id or self.source_payment_id

    def _get_refundable(self):
        """What is left of the payment, in its currency; asked refunds count."""
        if self.payment_type != "inbound" or self.state not in ("in_process", "paid"):
            return 0.0
        refunds = self.search(
            [
                ("state", "in", ("in_process", "paid")),
                "|",
                ("clinic_refund_of_id", "=", self.id),
                ("source_payment_id", "=", self.id),
            ]
        )
        asked = self.payment_transaction_id.child_transaction_ids.filtered(
            lambda child: (
                child.operation == "refund"
                and child.state in ("draft", "pending", "authorized")
            )
        )
        back = sum(refunds.mapped("amount")) - sum(asked.mapped("amount"))
        return max(self.amount - back, 0.0)

    def _get_card_refundable(self):
        """How much can go back to the card that paid."""
        return self.amount_available_for_refund

    def _may_refund(self):
        """Whether the user may give this payment back: cashiers on its day only."""
        self.ensure_one()
        user = self.env.user
        if user.has_group("clinic_base.group_accountant"):
            return True
        tz = self._get_clock() or user.tz
        today = fields.Date.context_today(self.with_context(tz=tz), self.env.cr.now())
        return user.has_group("clinic_base.group_cashier") and self.date == today

    def _get_clock(self):
        """Zone of the place where the money was taken; none for money from afar."""
        return False

    def _get_partials(self):
        """What the money of the payments has paid, in the order of matching."""
        return self.move_id._get_money_partials()

    def _match_refunds(self):
        """Money that goes back is taken off what it had paid."""
        for payment in self.filtered(lambda payment: payment.payment_type != "inbound"):
            # Refunds follow the money, whoever was allowed to move it.
            money = payment._get_source().sudo().move_id
            back = payment.sudo().move_id._get_receivable_lines()
            if money.state != "posted" or not back:
                continue
            free = money._release(payment.amount).filtered(
                lambda line, back=back: line.account_id == back.account_id
            )
            (free | back).reconcile()
            # What was released beside goes on paying.
            payment.env["clinic.match"].sudo()._match(payment.partner_id)

    def _create_payment_transaction(self, **extra_create_values):
        """By a saved card: Odoo has checked who pays, hands write no transactions."""
        payments = self.sudo()
        return super(AccountPayment, payments)._create_payment_transaction(
            **extra_create_values
        )
