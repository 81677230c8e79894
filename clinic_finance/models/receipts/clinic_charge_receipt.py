from odoo import fields, models

from ...tools.receipts import spread


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
    )

    def _get_owed(self):
        """{charge: (what is not paid, its whole price)}, taxes included.

        What has been paid of an invoice is spread over its lines.
        """
        owed = {}
        for invoice in self.move_line_ids.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        ):
            lines = invoice.invoice_line_ids.filtered("price_total")
            digits = invoice.currency_id.decimal_places
            totals = lines.mapped("price_total")
            parts = spread(invoice.amount_residual, totals, digits) if lines else []
            for line, part in zip(lines, parts, strict=True):
                owed[line.clinic_charge_id] = part, line.price_total
        open_ones = self.filtered(lambda charge: charge not in owed)
        for (payer, _company), charges in open_ones.grouped(
            lambda charge: (charge.payer_id, charge.company_id)
        ).items():
            for charge, total in charges._get_totals(payer).items():
                owed[charge] = total, total
        return owed

    def _prepare_credit_line(self, owed, total):
        """The receipt line for what is ``owed`` of ``total``."""
        whole = self.currency_id.compare_amounts(owed, total) == 0
        return self.env["clinic.receipt"]._prepare_piece(
            self._get_label(),
            self.service_id,
            self.service_id.taxes_id._filter_taxes_by_company(self.company_id),
            owed,
            "credit" if whole else "partial_payment",
        )
