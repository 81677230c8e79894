from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.models.walls.clinic_archive_mixin import ARCHIVE_FIELDS

MAY_REFUND = ("clinic_base.group_cashier", "clinic_base.group_accountant")
# What is filled in before the money is given back.
ASKED = {
    "payment_id",
    "amount",
    "way",
    "journal_id",
    "bank_journal_id",
    "application",
    "is_correction",
    "reason",
}


class ClinicRefund(models.Model):
    """Money of a payment given back, or left to the payer as credit; who, why, how."""

    _name = "clinic.refund"
    _description = "Refund"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "payment_id"
    _created_by_engine = False
    # Giving back goes on as superuser once the role has been checked.
    _engine_is_superuser = True

    payment_id = fields.Many2one(
        "account.payment",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("payment_type", "=", "inbound"), ("clinic_patient_id", "!=", False)],
    )
    patient_id = fields.Many2one(related="payment_id.clinic_patient_id")
    payer_id = fields.Many2one(related="payment_id.partner_id", string="Payer")
    company_id = fields.Many2one(
        related="payment_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="payment_id.currency_id")
    available = fields.Monetary(
        compute="_compute_available", help="Of the payment, not given back yet."
    )
    amount = fields.Monetary(required=True)
    way = fields.Selection(
        [
            ("card", "To the card"),
            ("cash", "In cash"),
            ("bank", "By bank transfer"),
            ("account", "Stays as credit"),
        ],
        required=True,
        default="cash",
    )
    open_ways = fields.Char(
        compute="_compute_open_ways",
        help="What this payment and the user's role allow, for the dialog.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Cash desk",
        domain="[('type', '=', 'cash'), ('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    bank_journal_id = fields.Many2one(
        "account.journal",
        string="Settlement account",
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        ondelete="restrict",
    )
    application = fields.Char(
        help="Number and day of the payer's application, with the bank details."
    )
    is_correction = fields.Boolean(
        string="Correct the invoice",
        help="The service was not rendered or cost less: the invoice is lowered by a"
        " credit note. Else the payer owes the sum again.",
    )
    reason = fields.Char(required=True)
    state = fields.Selection(
        [("draft", "Not done"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    refund_payment_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, ondelete="restrict"
    )
    credit_note_ids = fields.Many2many("account.move", readonly=True, copy=False)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A refund is more than nothing."
    )

    @api.depends("payment_id")
    def _compute_available(self):
        for refund in self:
            # How much of a payment is left tells no more than the payment itself.
            refund.available = refund.payment_id.sudo()._get_refundable()

    @api.depends("payment_id")
    @api.depends_context("uid")
    def _compute_open_ways(self):
        for refund in self:
            refund.open_ways = ",".join(refund._get_open_ways())

    def _get_open_ways(self):
        """Ways that the payment allows and the user's role, the usual one first.

        Cash goes back only for cash: out of a till nothing else may be paid (Bank of
        Russia, 5348-У, p. 1 and 2). A transfer is the accountant's, as is a correction.
        """
        # How a payment came tells no more than the payment itself.
        payment = self.payment_id.sudo()
        if not payment or not self.payment_id._may_refund():
            return []
        accountant = self.env.user.has_group("clinic_base.group_accountant")
        ways = {
            "card": payment._get_card_refundable() > 0,
            "cash": payment.journal_id.type == "cash",
            "bank": accountant,
            "account": accountant and bool(payment._get_partials()),
        }
        return [way for way, is_open in ways.items() if is_open]

    @api.onchange("payment_id")
    def _onchange_payment_id(self):
        self.amount = self.available
        self.way = (self._get_open_ways() or [self.way])[0]
        self.journal_id = self._find_cash_journal()
        self.bank_journal_id = self._find_bank_journal()

    def _find_bank_journal(self):
        """The settlement account from which money is sent by default."""
        return self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company_id.id)], limit=1
        )

    def _find_cash_journal(self):
        """The journal out of which cash is given by default."""
        return self.env["account.journal"].search(
            [("type", "=", "cash"), ("company_id", "=", self.company_id.id)], limit=1
        )

    def write(self, vals):
        """:raises UserError: what has been given back is not rewritten"""
        if not self._is_engine() and "done" in self.mapped("state"):
            raise UserError(self.env._("A refund that is done cannot be changed."))
        return super().write(vals)

    @api.model
    def _get_engine_fields(self):
        return self._fields.keys() - ARCHIVE_FIELDS - ASKED

    def action_refund(self):
        """Give the money back.

        :raises AccessError: for everybody but cashiers and accountants; corrections
            and money of earlier days are the accountants'
        :raises UserError: for more than is left, or a way that is not open
        """
        self.ensure_one()
        self._check_role()
        self.payment_id._touch()
        self._check_amount()
        # The role has been checked; a refund writes entries of several kinds.
        refund = self.sudo()
        with self.env["clinic.receipt"]._telling():
            if refund.is_correction or refund.way == "account":
                refund._correct()
            if refund.way == "cash":
                self._check_journal(refund.journal_id)
                refund._pay_out(refund.journal_id)
            elif refund.way == "bank":
                refund._pay_out(refund.bank_journal_id)
            elif refund.way == "card":
                self._give_back_to_card()
        refund.state = "done"
        return {"type": "ir.actions.act_window_close"}

    def _check_role(self):
        self.check_access("write")
        self.payment_id.check_access("read")
        user = self.env.user
        if not any(user.has_group(group) for group in MAY_REFUND):
            raise AccessError(self.env._("Refunds are made by cashiers."))
        if not self.payment_id._may_refund():
            raise AccessError(
                self.env._(
                    "Cashiers give back what was paid today. Earlier payments are the"
                    " accountant's or the finance manager's."
                )
            )
        if user.has_group("clinic_base.group_accountant"):
            return
        if self.is_correction or self.way == "account":
            raise AccessError(self.env._("Invoices are corrected by accountants."))
        if self.way == "bank":
            raise AccessError(self.env._("Transfers are made by accountants."))

    def _check_amount(self):
        self.invalidate_recordset(["available"])
        # Providers are not read by cashiers; that a card can be refunded is no secret.
        payment = self.payment_id.sudo()
        left = self.available
        if self.way == "card":
            left = min(left, payment._get_card_refundable())
        elif self.way == "account":
            left = sum(payment._get_partials().mapped("amount"))
        if self.state == "done" or payment.state not in ("in_process", "paid"):
            raise UserError(self.env._("There is nothing to give back."))
        if self.currency_id.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "At most %s can be given back this way.",
                    self.currency_id.format(left),
                )
            )
        self._check_way()
        if not self.reason.strip():
            raise UserError(self.env._("Say why the money is given back."))

    def _check_way(self):
        """:raises UserError: for a way that is not open; says which are"""
        if self.way == "cash" and not self.journal_id:
            raise UserError(self.env._("Choose the cash desk."))
        if self.way == "bank" and not (
            self.bank_journal_id and (self.application or "").strip()
        ):
            raise UserError(
                self.env._(
                    "Choose the settlement account, and name the payer's application."
                )
            )
        ways = self._get_open_ways()
        if self.way not in ways:
            labels = dict(self._fields["way"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "What was not paid in cash does not go back in cash (Bank of"
                    " Russia, 5348-У). Open for this payment: %s.",
                    ", ".join(labels[way] for way in ways if way != "account")
                    or self.env._("a transfer by the accountant"),
                )
                if self.way == "cash"
                else self.env._("There is nothing to give back.")
            )

    def _check_journal(self, journal):
        """Whether money may leave ``journal`` now; a till asks for more."""

    def _give_back_to_card(self):
        """Through the provider that took the money."""
        # The role has been checked; providers are not read by cashiers.
        transaction = self.sudo().payment_id.payment_transaction_id
        transaction.action_refund(amount_to_refund=self.amount)

    def _pay_out(self, journal):
        """A payment out of ``journal``, matched with what came in."""
        payment = self.payment_id
        self.refund_payment_id = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": payment.partner_id.id,
                "clinic_patient_id": payment.clinic_patient_id.id,
                "clinic_refund_of_id": payment.id,
                "journal_id": journal.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "amount": self.amount,
                "memo": self.env._("Refund of %s", payment.name),
            }
        )
        self.refund_payment_id.action_post()

    def _correct(self):
        """Lower the invoices that the payment has paid, the latest first."""
        left = self.amount
        for partial in self.payment_id._get_partials().sorted("id", reverse=True):
            part = min(left, partial.amount)
            invoice = partial.debit_move_id.move_id
            if self.currency_id.is_zero(part) or invoice.move_type != "out_invoice":
                continue
            self.credit_note_ids += invoice._credit(invoice._spread_credit(part))
            left -= part
        if not self.currency_id.is_zero(left):
            raise UserError(
                self.env._(
                    "The payment has paid less than that; there is no invoice to"
                    " correct."
                )
            )

    @api.model
    def _forget_person(self, cards):
        """Why, and to which account of the payer: it leads to no card by itself."""
        self.flush_model()
        self.env["account.payment"].flush_model(["partner_id", "clinic_patient_id"])
        self.env.execute_query(
            SQL(
                """
                UPDATE clinic_refund refund
                   SET reason = '–', application = NULL
                  FROM account_payment payment
                 WHERE payment.id = refund.payment_id
                   AND (payment.partner_id = ANY(%(partners)s)
                        OR payment.clinic_patient_id = ANY(%(cards)s))
             RETURNING refund.id
                """,
                partners=cards.partner_id.ids,
                cards=cards.ids,
            )
        )
        self.invalidate_model(["reason", "application"])
