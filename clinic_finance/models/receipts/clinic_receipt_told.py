from collections import defaultdict
from contextlib import contextmanager
from itertools import chain

from odoo import api, models

from ...tools.receipts import spread
from .clinic_charge_receipt import METHODS

# By which money pays for a service that was rendered, the first to be taken back first.
PAYING = ("credit_payment", "partial_payment", "full_payment")
# What was rendered and nobody has paid; the second where a part was paid before.
ON_CREDIT = ("credit", "partial_payment")
SIGNS = {
    "income": 1,
    "offset": 1,
    "credit": 1,
    "refund": -1,
    "offset_back": -1,
    "credit_back": -1,
}
TOUCHED = "clinic_receipts_touched"


class ClinicReceipt(models.Model):
    """Receipts follow the ledger: they tell of each money what it has paid of which
    service, and of each service what was rendered; nothing twice, nothing never.

    Whatever joins or parts money and invoices is told when what somebody did has ended,
    by the difference: an offset of what was paid before, or its return.
    """

    _inherit = "clinic.receipt"

    # === WHEN === #

    @contextmanager
    def _telling(self):
        """The steps of one event are told once, when it has ended."""
        blocks = self.env.cr.cache.setdefault(TOUCHED, [])
        blocks.append(set())
        try:
            yield
        except BaseException:
            blocks.pop()
            raise
        touched = blocks.pop()
        if blocks:
            blocks[-1].update(touched)
        else:
            self._note_differences(self.env["clinic.charge"].browse(sorted(touched)))

    @api.model
    def _note_touched(self, charges):
        """Invoices of ``charges`` have been posted, paid, parted or corrected."""
        blocks = self.env.cr.cache.get(TOUCHED)
        if blocks:
            blocks[-1].update(charges.ids)
        else:
            self._note_differences(charges)

    # === WHAT === #

    @api.model
    def _note_differences(self, charges):
        """Write the receipts that ``charges`` still want."""
        # Receipts follow the money, whoever was allowed to move it.
        self, charges = self.sudo(), charges.sudo()
        rendered = charges.filtered(lambda charge: charge._is_rendered())
        if not rendered:
            return
        nets = rendered._get_invoiced()
        told = self._get_told(rendered.union(*chain(*nets.values())))
        vals_list = []
        for invoice, some in nets.items():
            vals_list += self._prepare_differences(invoice, some, told)
        self._create_next(vals_list)
        self._serve(rendered, nets, told)

    @api.model
    def _get_told(self, charges):
        """``{charge: {(entry of the money, method): sum}}`` of what receipts tell,
        returns taken off. Of a service on credit there is no money."""
        told = {charge: defaultdict(float) for charge in charges}
        for line in self.env["clinic.receipt.line"].search(
            [("charge_id", "in", charges.ids)]
        ):
            receipt = line.receipt_id
            amount = SIGNS[receipt.kind] * line.amount
            told[line.charge_id][receipt._get_event(), line.payment_method] += amount
        return told

    def _get_event(self):
        """Entry of the money that the receipt tells of, or that went back of it."""
        return (self.payment_id.move_id or self.move_id)._get_event()

    # === WHAT MONEY HAS PAID === #

    @api.model
    def _prepare_differences(self, invoice, nets, told):
        """Values of the offsets, and of their returns, that bring what is told of the
        charges of ``invoice`` to what the ledger says; ``told`` is brought along.

        :param nets: {charge: what is left of it}
        """
        gaps = self._get_gaps(invoice, nets, told)
        vals_list = []
        # What was told of money that has gone makes room for the other's.
        for money, gap in sorted(gaps.items(), key=lambda one: one[1]):
            if gap < 0:
                kind, lines = "offset_back", self._take_back(money, -gap, nets, told)
            elif gap > 0 and money._get_paid_receipts():
                kind, lines = "offset", self._pay(invoice, money, gap, nets, told)
            else:
                continue
            source = f"{invoice.id}-{money._get_source_key()}"
            for visit, some in self._group_by_visit(lines).items():
                vals_list.append(
                    self._prepare_visit_vals(kind, visit, source, money, some)
                )
        return vals_list

    @api.model
    def _get_gaps(self, invoice, nets, told):
        """``{entry of money: what it has paid of the invoice and no receipt tells}``;
        negative is what is told and not true any more."""
        gaps = defaultdict(float)
        for partial in invoice.line_ids.matched_credit_ids:
            money = partial.credit_move_id.move_id._get_money()
            if money.move_type == "entry":
                gaps[money._get_event()] += partial.debit_amount_currency
        for charge in nets:
            for (money, method), amount in told[charge].items():
                if money and method in PAYING:
                    gaps[money] -= amount
        return {money: invoice.currency_id.round(gap) for money, gap in gaps.items()}

    @api.model
    def _pay(self, invoice, money, amount, nets, told):
        """Lines for ``amount`` of ``money`` that pays ``invoice``."""
        wanted = {
            charge: max(net - _get_paid(told[charge]), 0.0)
            for charge, net in nets.items()
        }
        lines = invoice.invoice_line_ids.filtered("price_total")
        weights = [
            wanted.get(line.clinic_charge_id, line.price_total) for line in lines
        ]
        if not any(weights):
            weights = lines.mapped("price_total")
        currency = invoice.currency_id
        vals_list = []
        parts = spread(amount, weights, currency.decimal_places) if lines else ()
        for line, part in zip(lines, parts, strict=False):
            charge = line.clinic_charge_id
            known = told.setdefault(charge, defaultdict(float))
            whole = part + _get_paid(known) - nets.get(charge, line.price_total)
            stage = "rendered" if charge._is_rendered() else "coming"
            credit = min(part, max(_get_credit(known), 0.0))
            for method, some in (
                ("credit_payment", currency.round(credit)),
                (
                    METHODS[stage][currency.compare_amounts(whole, 0) < 0],
                    currency.round(part - credit),
                ),
            ):
                if some:
                    vals_list.append(self._prepare_line(line, some, method))
                    known[money, method] += some
        return vals_list

    @api.model
    def _take_back(self, money, amount, nets, told):
        """Lines for ``amount`` that is told of ``money`` and not true any more: first
        of what was corrected."""
        vals_list = []
        left = amount
        for is_limited in (True, False):
            for charge, net in nets.items():
                over = _get_paid(told[charge]) - net if is_limited else left
                for method in PAYING:
                    part = min(left, over, told[charge][money, method])
                    part = charge.currency_id.round(part)
                    if part > 0:
                        vals_list.append(charge._prepare_receipt_line(part, method))
                        told[charge][money, method] -= part
                        over -= part
                        left -= part
        return vals_list

    @api.model
    def _group_by_visit(self, lines):
        """{visit: those of the values of ``lines`` that are of it}."""
        charges = self.env["clinic.charge"]
        grouped = defaultdict(list)
        for vals in lines:
            grouped[charges.browse(vals["charge_id"]).appointment_id].append(vals)
        return grouped

    @api.model
    def _prepare_back_lines(self, payment):
        """Lines for money that has gone back: of what it had paid, then of what it has
        waited for."""
        source = payment._get_source()
        money = source.move_id._get_event()
        charges = money._get_paid_receipts().line_ids.charge_id
        told = self._get_told(charges)
        left, vals_list = payment.amount, []
        currency = payment.currency_id
        nets = charges._get_invoiced()
        told |= self._get_told(charges.union(*chain(*nets.values())) - charges)
        for invoice, some in nets.items():
            gap = self._get_gaps(invoice, some, told).get(money, 0.0)
            vals_list += self._take_back(money, min(left, max(-gap, 0.0)), some, told)
            left = payment.amount - sum(vals["amount"] for vals in vals_list)
        for charge in charges.filtered(lambda charge: not charge._is_rendered()):
            for method in METHODS["coming"]:
                part = currency.round(min(left, told[charge][money, method]))
                if part > 0:
                    vals_list.append(charge._prepare_receipt_line(part, method))
                    left -= part
        if left := currency.round(left):
            vals_list.append(self._prepare_advance(left))
        return vals_list

    # === WHAT WAS RENDERED === #

    @api.model
    def _serve(self, charges, nets, told):
        """Of ``charges`` whose day has ended, what nobody has paid was rendered on
        credit; what was told too much of that is taken back."""
        lefts = {
            charge: left for some in nets.values() for charge, left in some.items()
        }
        closed = charges.filtered(
            lambda charge: charge.handed_over and charge._is_fiscal()
        )
        waiting = closed.filtered(
            lambda charge: not charge.posted_on and charge.state != "cancelled"
        )
        lefts |= waiting._get_asked()
        no_money = self.env["account.move"]
        lines = defaultdict(list)
        for charge in closed:
            known = told[charge]
            gap = lefts.get(charge, 0.0) - _get_served(known)
            gap = charge.currency_id.round(gap)
            place = charge.appointment_id, charge.payer_id
            if gap > 0:
                charge._as_engine().handed_over = "credit"
                vals = charge._prepare_credit_line(gap, lefts[charge])
                lines[("credit", *place)].append(vals)
            for method in ON_CREDIT:
                back = min(-gap, known[no_money, method], _get_credit(known))
                back = charge.currency_id.round(back)
                if back > 0:
                    gap += back
                    known[no_money, method] -= back
                    vals = charge._prepare_receipt_line(back, method)
                    lines[("credit_back", *place)].append(vals)
        self._create_next(
            [
                {
                    **self._prepare_visit_vals(kind, visit, payer.id, no_money, some),
                    "payer_id": payer.id,
                }
                for (kind, visit, payer), some in lines.items()
            ]
        )


def _get_paid(told):
    """What money is told to have paid of the rendered service."""
    return sum(some for (money, how), some in told.items() if money and how in PAYING)


def _get_served(told):
    """What is told of the service itself, paid or on credit."""
    later = {"credit_payment", *METHODS["coming"]}
    return sum(some for (_money, how), some in told.items() if how not in later)


def _get_credit(told):
    """What was rendered on credit and is not paid."""
    return sum(
        some if not money else -some
        for (money, how), some in told.items()
        if not money or how == "credit_payment"
    )
