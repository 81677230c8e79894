from collections import Counter

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_datetime

from ...tools import vat as rates
from ...tools.receipts import spread
from .clinic_charge_receipt import METHODS

PREPAID = frozenset({"full_prepayment", "prepayment", "advance"})


class ClinicReceipt(models.Model):
    """A money event as a fiscal register needs it (54-ФЗ); one row each.

    The key makes a second receipt for the same event impossible. A register plugs in
    later; until then the receipt is printed as a slip.
    """

    _name = "clinic.receipt"
    _description = "Receipt"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "date desc, id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("income", "Income"),
            ("refund", "Refund"),
            ("offset", "Offset of an advance"),
            ("offset_back", "Offset taken back"),
            ("credit", "Service on credit"),
            ("credit_back", "Service on credit taken back"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    patient_id = fields.Many2one(
        "clinic.patient", readonly=True, index=True, ondelete="restrict"
    )
    payer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry of the bank",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Of money that came without a payment, by a transfer to the bank.",
    )
    appointment_id = fields.Many2one(
        "clinic.appointment",
        string="Visit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose service an advance is offset against, or is given on credit.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    amount_cash = fields.Monetary(
        string="In cash", compute="_compute_means", help="54-ФЗ, tag 1031."
    )
    amount_card = fields.Monetary(
        string="Cashless", compute="_compute_means", help="54-ФЗ, tag 1081."
    )
    amount_offset = fields.Monetary(
        string="Offset of what was paid before",
        compute="_compute_means",
        help="54-ФЗ, tag 1215.",
    )
    amount_credit = fields.Monetary(
        string="Given on credit", compute="_compute_means", help="54-ФЗ, tag 1216."
    )
    contact = fields.Char(
        string="Sent to",
        readonly=True,
        help="E-mail or telephone to which the register sends the electronic receipt"
        " (54-ФЗ, tag 1008).",
    )
    line_ids = fields.One2many("clinic.receipt.line", "receipt_id", readonly=True)
    state = fields.Selection(
        [
            ("held", "Waits for the rate of VAT"),
            ("unsure", "Perhaps printed: restored from a backup"),
            ("pending", "Not printed"),
            ("sent", "At the register"),
            ("printed", "Printed"),
            ("failed", "Failed"),
        ],
        required=True,
        default="pending",
        readonly=True,
    )

    fiscal_document = fields.Char(string="Fiscal document", readonly=True)
    fiscal_storage = fields.Char(string="Fiscal storage", readonly=True)
    fiscal_sign = fields.Char(string="Fiscal sign", readonly=True)
    registered_at = fields.Datetime(string="Registered", readonly=True)

    _key_once = models.Constraint("UNIQUE (key)", "This receipt exists already.")

    @api.depends("kind", "amount", "payment_id")
    def _compute_means(self):
        for receipt in self:
            cash = receipt._get_cash()
            moved = receipt.kind in ("income", "refund")
            kind = receipt.kind.removesuffix("_back")
            receipt.amount_offset = receipt.amount if kind == "offset" else 0.0
            receipt.amount_credit = receipt.amount if kind == "credit" else 0.0
            receipt.amount_cash = cash if moved else 0.0
            receipt.amount_card = receipt.amount - cash if moved else 0.0

    def _get_cash(self):
        """How much of the money was cash."""
        # Who reads a receipt reads with what it was paid, not the payments.
        is_cash = self.payment_id.sudo().journal_id.type == "cash"
        return self.amount if is_cash else 0.0

    @api.model
    def _create_for_payments(self, payments):
        """Receipts for posted ``payments`` that have none yet; one for each event."""
        events = payments.filtered(
            lambda payment: payment.state in ("in_process", "paid")
        ).grouped(lambda payment: payment._get_receipt_key())
        known = self.search([("key", "in", list(events))])
        for key in known.mapped("key"):
            del events[key]
        new = payments.browse().union(*events.values())
        new._get_partials().debit_move_id.move_id._touch_rendered()
        return self._create_once(
            [self._prepare_payment_vals(some) for some in events.values()]
        )

    @api.model
    def _create_once(self, vals_list):
        """Those of ``vals_list`` whose key there is not yet, handed over."""
        keys = [vals["key"] for vals in vals_list]
        known = set(self.search([("key", "in", keys)]).mapped("key"))
        receipts = self.create([vals for vals in vals_list if vals["key"] not in known])
        held = receipts.filtered(lambda receipt: receipt._has_unknown_vat())
        held._ask_for_rate()
        (receipts - held)._hand_over_once()
        return receipts

    @api.model
    def _create_next(self, vals_list):
        """One more receipt of each key: money may meet a service and part again."""
        keys = [vals["key"] for vals in vals_list]
        known = self.search(
            Domain("key", "in", keys)
            | Domain.OR(Domain("key", "=like", f"{key}/%") for key in keys)
        )
        counts = Counter(key.partition("/")[0] for key in known.mapped("key"))
        for vals in vals_list:
            if count := counts[vals["key"]]:
                vals["key"] += f"/{count + 1}"
        return self._create_once(vals_list)

    @api.model
    def _prepare_visit_vals(self, kind, visit, source, money, lines):
        """Values of a receipt of the day of the service, when no money moves.

        :param source: tells apart, in the key, the receipts of one visit
        :param money: entry of what has been paid before, or none
        :param lines: values of its lines
        """
        payment = money.origin_payment_id
        return {
            "key": f"{kind}-{visit.id}-{source}",
            "kind": kind,
            "patient_id": visit.patient_id.id,
            "payer_id": money.partner_id.id,
            "payment_id": payment.id,
            "move_id": not payment and money.id,
            "appointment_id": visit.id,
            "company_id": visit.company_id.id,
            "currency_id": visit.currency_id.id,
            "amount": sum(vals["amount"] for vals in lines),
            "line_ids": [Command.create(vals) for vals in lines],
        }

    # === MONEY === #

    def _hand_over_once(self):
        """Hand over what nobody can have handed over: what a scheduled action makes
        again after a restoration, the clinic that was lost may have printed; it waits
        for a person who has looked at the register."""
        if self and self.env["clinic.quiet"]._is_catching_up():
            self.state = "unsure"
        else:
            self._hand_over()

    def action_hand_over(self):
        """A person has seen that those which may be printed are not.

        :raises AccessError: for who may not read receipts
        """
        self.check_access("read")
        # Receipts are written by nobody by hand; what is read has been checked.
        unsure = self.sudo().filtered(lambda receipt: receipt.state == "unsure")
        unsure.state = "pending"
        unsure._hand_over()

    def _hand_over(self):
        """Give the receipts to whoever prints them; by default nobody but the desk."""

    @api.model
    def _prepare_payment_vals(self, payments):
        """Values for the payments of one event: one, or several handed over at once."""
        payment = payments[0]
        lines = self._prepare_line_vals_list(payments)
        return {
            "key": payment._get_receipt_key(),
            "kind": "income" if payment.payment_type == "inbound" else "refund",
            "patient_id": payment.clinic_patient_id.id,
            "payer_id": payment.partner_id.id,
            "payment_id": payment.id,
            "contact": self._find_contact(payment.partner_id),
            "company_id": payment.company_id.id,
            "currency_id": payment.currency_id.id,
            "amount": sum(payments.mapped("amount")),
            "line_ids": [Command.create(vals) for vals in lines],
        }

    @api.model
    def _find_contact(self, payer):
        """Where the electronic receipt goes, if nobody has said another address."""
        return payer.email or payer.phone or False

    @api.model
    def _prepare_taken_lines(self, money, amount, currency):
        """Lines for ``amount`` that came by the entries ``money``: of the invoices that
        it has paid, then of what it waits for; what is over is an advance."""
        vals_list = []
        paid = money._get_money_partials().grouped(
            lambda partial: partial.debit_move_id.move_id
        )
        charges = self.env["account.move"].union(*paid).line_ids.clinic_charge_id
        nets, told = charges._get_invoiced(), self._get_told(charges)
        for invoice, some in paid.items():
            if invoice.move_type == "out_invoice":
                part = sum(some.mapped("debit_amount_currency"))
                vals_list += self._pay(
                    invoice, money[0]._get_event(), part, nets.get(invoice, {}), told
                )
        waiting = money._get_waiting()
        asked = self.env["clinic.charge"].union(*waiting)._get_asked()
        vals_list += [
            charge._prepare_waiting_line(part, asked[charge])
            for charge, part in waiting.items()
        ]
        over = currency.round(amount - sum(vals["amount"] for vals in vals_list))
        if not currency.is_zero(over):
            vals_list.append(self._prepare_advance(over))
        return vals_list

    @api.model
    def _prepare_line_vals_list(self, payments):
        """Lines for ``payments``: of their invoices, what is over as an advance."""
        payment = payments[0]
        if payment.payment_type == "inbound":
            return self._prepare_taken_lines(
                payments.move_id, sum(payments.mapped("amount")), payment.currency_id
            )
        return self._prepare_back_lines(payment)

    @api.model
    def _prepare_sale_lines(self, invoices, amount, currency):
        """Lines for ``amount`` in ``currency`` that pays ``invoices``, perhaps none."""
        lines = invoices.invoice_line_ids.filtered("price_total")
        total = sum(lines.mapped("price_total"))
        vals_list = []
        if lines:
            covered = min(amount, total)
            part = currency.compare_amounts(covered, total) < 0
            for stage, some in lines.grouped(
                lambda line: line.clinic_charge_id._get_receipt_stage()
            ).items():
                method = METHODS[stage][part]
                share = sum(some.mapped("price_total")) / total
                vals_list += self._prepare_lines(
                    some, currency.round(covered * share), method
                )
        over = currency.round(amount - sum(vals["amount"] for vals in vals_list))
        if not currency.is_zero(over):
            vals_list.append(self._prepare_advance(over))
        return vals_list

    @api.model
    def _prepare_advance(self, amount):
        """A line for money of which nobody knows yet what it is for."""
        return {
            "name": self.env._("Services of the clinic"),
            "qty": 1.0,
            "price": amount,
            "amount": amount,
            "payment_subject": "payment",
            "payment_method": "advance",
        }

    @api.model
    def _prepare_lines(self, lines, amount, method):
        """Lines of a receipt for ``amount`` of what stands in invoice ``lines``."""
        lines = lines.filtered("price_total")
        currency = lines.currency_id
        parts = spread(amount, lines.mapped("price_total"), currency.decimal_places)
        return [
            self._prepare_line(line, part, method) for line, part in zip(lines, parts)
        ]

    @api.model
    def _prepare_line(self, line, amount, method):
        """A register multiplies price and quantity: where that would not give the sum,
        the line has one piece."""
        currency = line.currency_id
        price = currency.round(amount / line.quantity)
        vals = self._prepare_piece(
            line.name, line.product_id, line.tax_ids, amount, method
        )
        vals["charge_id"] = line.clinic_charge_id.id
        if currency.compare_amounts(price * line.quantity, amount) == 0:
            vals |= {"qty": line.quantity, "price": price}
        return vals

    @api.model
    def _prepare_piece(self, name, product, taxes, amount, method):
        """A line of one piece. What pays a credit is a payment without VAT, which was
        in the receipt of the service."""
        subject = "commodity" if product.type == "consu" else "service"
        if method == "credit_payment":
            subject, vat = "payment", rates.NONE
        else:
            vat = taxes._get_receipt_vat()
        if method in PREPAID:
            vat = rates.calculated(vat)
        unknown = vat == rates.UNKNOWN and {"unknown_tax_ids": [Command.set(taxes.ids)]}
        return {
            "name": name[:128],
            "qty": 1.0,
            "price": amount,
            "amount": amount,
            "vat": vat,
            "payment_subject": subject,
            "payment_method": method,
            **(unknown or {}),
        }

    def action_print_slip(self):
        """The slip, 80 mm wide; it is no fiscal document."""
        return self.env.ref("clinic_finance.clinic_receipt_slip").report_action(self)

    def _get_branch(self):
        """Where the service was rendered."""
        return self.appointment_id.branch_id

    def _get_cashier(self):
        """Who took the money; what the server does at night has nobody."""
        return self.create_uid.filtered("active")

    def _get_local_date(self):
        """Moment of the event on the clock of the branch, as text."""
        tz = self._get_branch().tz or self.env.user.tz
        return format_datetime(self.env, self.date, tz=tz, dt_format="short")

    def _get_title(self):
        """What the slip is, in words."""
        titles = {
            "income": self.env._("Receipt of payment"),
            "refund": self.env._("Receipt of refund"),
            "offset": self.env._("Receipt of offset"),
            "offset_back": self.env._("Return of an offset"),
            "credit": self.env._("Receipt of a service on credit"),
            "credit_back": self.env._("Return of a service on credit"),
        }
        return titles[self.kind]
