from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ..tools.till import TenderError, settle

PAY_KEYS = {
    "key",
    "desk_id",
    "patient_id",
    "payer_id",
    "charge_ids",
    "invoice_ids",
    "prepayment",
    "expected",
    "cash",
    "card",
    "contact",
}


class ClinicCashSale(models.Model):
    """One payer at a cash desk: what was handed over, and the payments made of it.

    What was given in cash stands nowhere in the ledger; all other sums are its.
    """

    _name = "clinic.cash.sale"
    _description = "Sale at a cash desk"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "id desc"

    key = fields.Char(
        required=True,
        readonly=True,
        help="Given by the page, so that one press of Pay is one sale.",
    )
    shift_id = fields.Many2one(
        "clinic.cash.shift",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    branch_id = fields.Many2one(
        related="shift_id.branch_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="shift_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    patient_id = fields.Many2one(
        "clinic.patient", required=True, readonly=True, ondelete="restrict"
    )
    payer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", string="Cashier", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    cash_given = fields.Monetary(readonly=True)
    contact = fields.Char(
        string="Electronic receipt to",
        readonly=True,
        help="E-mail or telephone that the payer has named at the desk.",
    )
    payment_ids = fields.One2many("account.payment", "clinic_sale_id", readonly=True)
    receipt_ids = fields.One2many("clinic.receipt", "sale_id", readonly=True)
    cash = fields.Monetary(string="In cash", compute="_compute_amounts")
    card = fields.Monetary(string="By card", compute="_compute_amounts")
    amount = fields.Monetary(string="Paid", compute="_compute_amounts")
    change = fields.Monetary(compute="_compute_amounts")

    _key_once = models.Constraint("UNIQUE (key)", "This sale is made already.")

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for sale in self:
            sale.display_name = self.env._("Sale %(id)s", id=sale.id)

    @api.depends("cash_given", "payment_ids.amount")
    def _compute_amounts(self):
        for sale in self:
            # Of what was paid, the desk shows no more than the cashier took.
            payments = sale.sudo().payment_ids
            cash = payments.filtered(lambda one: one.journal_id.type == "cash")
            sale.cash = sum(cash.mapped("amount"))
            sale.amount = sum(payments.mapped("amount"))
            sale.card = sale.amount - sale.cash
            sale.change = sale.cash_given - sale.cash

    @api.model
    def _open(self, patient=None, visit=None, desk=None):
        """Action of the page where payments are taken."""
        action = self.env["ir.actions.client"]._for_xml_id(
            "clinic_cash.clinic_cash_desk_page"
        )
        return {
            **action,
            "params": {
                "patient_id": patient.id if patient else False,
                "visit_id": visit.id if visit else False,
                "desk_id": desk.id if desk else False,
            },
        }

    # === PAYING === #

    @api.model
    def pay(self, vals):
        """Take the money for what is ticked, match it and make the receipt.

        All or nothing. What has been paid by somebody else meanwhile cannot be paid
        again: the charges are held first, so that the second of two cashiers is run
        again by the server and reads what the first has done.

        :param vals: dict of ``key`` (one for each press of the button), ``desk_id``,
            ``patient_id``, ``payer_id``, ``charge_ids`` (open charges),
            ``invoice_ids`` (unpaid invoices), ``prepayment`` (more for the account),
            ``expected`` (what the page said is to be paid), ``cash`` (handed over),
            ``card``, ``contact`` (e-mail or telephone for the electronic receipt);
            sums in the company's currency
        :return: dict of ``sale_id``, ``receipt_ids``, ``cash``, ``card``, ``change``
        :raises AccessError: for everybody but cashiers of the branch
        :raises UserError: when something does not fit; nothing has been done then
        """
        desk, vals = self._check_sale(vals)
        made = self.search([("key", "=", vals["key"])])
        if made:
            return made._prepare_answer()
        # The role and the branch have been checked: a sale writes charges, entries and
        # receipts, which nobody writes by hand.
        sale = self.sudo().with_company(desk.company_id)._create_sale(desk.sudo(), vals)
        return sale._prepare_answer()

    @api.model
    def _check_sale(self, vals):
        """The desk, and parsed ``vals``, of somebody who may take money there.

        :raises AccessError: for everybody but cashiers of the branch
        :raises UserError: for values that say no patient, or cannot be understood
        """
        vals = self._parse_sale(vals)
        desk = self.env["clinic.cash.desk"].browse(vals["desk_id"]).exists()
        desk._check_cashier()
        patient = self.env["clinic.patient"].browse(vals["patient_id"]).exists()
        if not patient:
            raise UserError(self.env._("Choose the patient."))
        patient.check_access("read")
        return desk, vals

    @api.model
    def _parse_sale(self, vals):
        """``vals`` with its types checked; sums left out are nothing.

        :raises UserError: for unknown keys or values of other types
        """
        try:
            unknown = vals.keys() - PAY_KEYS
            parsed = {
                **{name: int(vals[name]) for name in vals if name.endswith("_id")},
                **{
                    name: sorted({int(one) for one in vals.get(name) or ()})
                    for name in ("charge_ids", "invoice_ids")
                },
                **{
                    name: float(vals.get(name) or 0.0)
                    for name in ("prepayment", "expected", "cash", "card")
                },
                "key": str(vals["key"] or ""),
                "contact": self._read_contact(vals.get("contact")),
            }
            sums = [value for value in parsed.values() if isinstance(value, float)]
            wrong = (
                unknown
                or not parsed["key"]
                or not {"desk_id", "patient_id", "payer_id"} <= parsed.keys()
                or not all(abs(value) < 1e12 for value in sums)
            )
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            wrong = True
        if wrong:
            raise UserError(self.env._("The cash desk did not understand the payment."))
        return parsed

    @api.model
    def _read_contact(self, text):
        """E-mail, or telephone in E.164 form, of what was typed; False for nothing.

        :raises UserError: it is neither
        """
        text = str(text or "").strip()
        found = (
            email_normalize(text)
            if "@" in text
            else self.env["clinic.patient.phone"]._format_e164(text)
        )
        if text and not found:
            raise UserError(
                self.env._(
                    "“%s” is no e-mail and no telephone. Leave it empty if the payer"
                    " wants the receipt on paper alone.",
                    text[:64],
                )
            )
        return found

    def _create_sale(self, desk, vals):
        """The sale of parsed ``vals`` at ``desk``, paid."""
        shift = desk._get_open_shift()
        payer = self._get_payer(vals, desk)
        charges = self._get_charges(vals["charge_ids"], payer, desk)
        invoices = self._get_invoices(vals["invoice_ids"], payer, desk)
        if not (charges or invoices or vals["prepayment"]):
            raise UserError(
                self.env._("Tick what is paid, or enter a sum for the account.")
            )
        self.env["clinic.match"]._match(payer)
        sale = self.create(
            {
                "key": vals["key"],
                "shift_id": shift.id,
                "patient_id": vals["patient_id"],
                "payer_id": payer.id,
                "user_id": self.env.uid,
                "cash_given": vals["cash"],
                "contact": vals["contact"],
            }
        )
        sale._take_money(vals, charges, invoices)
        return sale

    def _get_payer(self, vals, desk):
        """:raises UserError: for anybody who does not pay for the patient"""
        patient = self.env["clinic.patient"].browse(vals["patient_id"])
        payer = self.env["res.partner"].browse(vals["payer_id"])
        if payer not in self._find_payers(patient, desk.company_id):
            raise UserError(self.env._("This payer does not pay for the patient."))
        return payer

    def _get_charges(self, ids, payer, desk):
        """The ticked charges, held until the end of this transaction.

        :raises UserError: if one has been paid, invoiced or withdrawn meanwhile
        """
        charges = self.env["clinic.charge"].browse(ids).exists()
        charges._touch()
        if (
            len(charges) != len(ids)
            or set(charges.mapped("state")) - {"open"}
            or charges.payer_id - payer
            or charges.company_id - desk.company_id
            or not all(charges.mapped("active"))
        ):
            self._raise_changed()
        return charges

    def _get_invoices(self, ids, payer, desk):
        """The ticked invoices; their charges are held.

        :raises UserError: if one has been paid meanwhile
        """
        invoices = self.env["account.move"].browse(ids).exists()
        invoices.line_ids.clinic_charge_id._touch()
        if (
            len(invoices) != len(ids)
            or set(invoices.mapped("state")) - {"posted"}
            or set(invoices.mapped("move_type")) - {"out_invoice"}
            or invoices.partner_id - payer
            or invoices.company_id - desk.company_id
            or invoices.currency_id - desk.currency_id
            or not all(invoice.amount_residual > 0 for invoice in invoices)
        ):
            self._raise_changed()
        return invoices

    def _raise_changed(self):
        raise UserError(
            self.env._(
                "Something of this has been paid or changed meanwhile, perhaps at"
                " another desk. Look at the list again; no money was booked."
            )
        )

    def _raise_other_sum(self, due, currency):
        raise UserError(
            self.env._(
                "The account has changed: %s is to be paid now. Look at the list"
                " again; no money was booked.",
                currency.format(due),
            )
        )

    def _take_money(self, vals, charges, invoices):
        """Payments by each means, for ``charges`` to come and ``invoices`` first.

        :raises UserError: when the sums do not fit what is to be paid now
        """
        currency = self.currency_id
        prepayment = currency.round(vals["prepayment"])
        coming = sum(left.due for left in charges._get_left().values())
        due = coming + sum(invoices.mapped("amount_residual")) + prepayment
        if prepayment >= 0 and currency.compare_amounts(due, vals["expected"]):
            self._raise_other_sum(due, currency)
        settled = self._split_tender(due, prepayment, vals)
        desk = self.shift_id.desk_id
        means = [(desk.journal_id, settled.cash)]
        if settled.card:
            if not desk.terminal_journal_id:
                raise UserError(self.env._("This cash desk has no card terminal."))
            means.append((desk.terminal_journal_id, settled.card))
        payments = self.env["account.payment"].create(
            [
                self._prepare_payment_vals(journal, amount, charges, invoices)
                for journal, amount in means
                if amount
            ]
        )
        payments.action_post()

    def _split_tender(self, due, prepayment, vals):
        """:raises UserError: when the sums handed over do not fit what is ``due``"""
        currency = self.currency_id
        try:
            if prepayment < 0:
                raise TenderError("negative")
            return settle(due, vals["cash"], vals["card"], currency.decimal_places)
        except TenderError as error:
            amount = currency.format(error.amount)
            texts = {
                "negative": self.env._("A sum cannot be negative."),
                "card_above_due": self.env._(
                    "No more than %s can be taken from the card: a terminal gives no"
                    " change.",
                    amount,
                ),
                "short": self.env._("%s more is needed in cash.", amount),
            }
            raise UserError(texts[error.kind]) from error

    def _prepare_payment_vals(self, journal, amount, charges, invoices):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.payer_id.id,
            "clinic_patient_id": self.patient_id.id,
            "clinic_sale_id": self.id,
            "journal_id": journal.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "amount": amount,
            "date": fields.Date.context_today(
                self.with_context(tz=self.branch_id.tz), self.date
            ),
            "clinic_charge_ids": [Command.set(charges.ids)],
            "invoice_ids": [Command.set(invoices.ids)],
        }

    def _prepare_answer(self):
        """What the page shows of a sale."""
        return {
            "sale_id": self.id,
            "receipt_ids": self.receipt_ids.ids,
            "cash": self.cash,
            "card": self.card,
            "change": self.change,
        }
