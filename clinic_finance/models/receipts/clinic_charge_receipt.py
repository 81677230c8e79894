from odoo import fields, models

from ..charges.clinic_charge_fee import FEES

# 54-ФЗ tag 1214 by when the service was rendered: of the whole sum, of a part of it.
METHODS = {
    "coming": ("full_prepayment", "prepayment"),
    "rendered": ("full_payment", "partial_payment"),
    "credit": ("credit_payment", "credit_payment"),
}


class ClinicCharge(models.Model):
    """What of a charge is not paid, for its receipt."""

    _inherit = "clinic.charge"

    handed_over = fields.Selection(
        [("paid", "Paid"), ("credit", "Rendered on credit")],
        string="When the day ended",
        readonly=True,
        copy=False,
        help="Whether the service was paid by the end of its day, branch time. Else it"
        " was rendered on credit: there is a receipt of it, and a later payment is the"
        " payment of a credit.",
    )

    _day_to_close = models.Index(
        "(date, branch_id) WHERE handed_over IS NULL AND kind = 'service'"
        " AND is_private AND state <> 'cancelled'"
    )

    def _is_rendered(self):
        """Whether the service has been rendered, or the fee is due."""
        return self.kind in FEES or self.appointment_id.state == "done"

    def _is_fiscal(self):
        """Whether a service on credit has a receipt: insurers, employers and other
        companies pay by bank."""
        return (
            self.kind == "service" and self.is_private and not self.payer_id.is_company
        )

    def _prepare_credit_line(self, owed, total):
        """The receipt line for what is ``owed`` of ``total``."""
        whole = self.currency_id.compare_amounts(owed, total) == 0
        return self._prepare_receipt_line(
            owed, "credit" if whole else "partial_payment"
        )

    def _prepare_waiting_line(self, amount, total):
        """The receipt line for ``amount`` that is paid before the service."""
        whole = self.currency_id.compare_amounts(amount, total) >= 0
        return self._prepare_receipt_line(
            amount, "full_prepayment" if whole else "prepayment"
        )

    def _prepare_money_lines(self, amount, is_refund=False):
        """Receipt lines for ``amount`` that comes for the charges, or goes back; what
        is over is an advance."""
        lines, rest = [], amount
        for charge, left in self._get_left().items():
            part = min(rest, left.total if is_refund else left.due)
            if charge.currency_id.compare_amounts(part, 0) <= 0:
                continue
            rest = charge.currency_id.round(rest - part)
            stage = charge._get_receipt_stage()
            whole = charge.currency_id.compare_amounts(part, left.total) >= 0
            lines.append(charge._prepare_receipt_line(part, METHODS[stage][not whole]))
        if rest:
            lines.append(self.env["clinic.receipt"]._prepare_advance(rest))
        return lines

    def _get_receipt_stage(self):
        """Whether the service is coming, rendered, or rendered on credit: a day has
        ended since, and its receipt has been made."""
        if self.handed_over == "credit":
            return "credit"
        return "rendered" if self._is_rendered() else "coming"

    def _prepare_receipt_line(self, amount, method):
        taxes = self.service_id.taxes_id._filter_taxes_by_company(self.company_id)
        return {
            **self.env["clinic.receipt"]._prepare_piece(
                self._get_label(), self.service_id, taxes, amount, method
            ),
            "charge_id": self.id,
        }
