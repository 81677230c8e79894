from odoo import fields, models

from ...tools import vat as rates
from .account_tax import VAT


class ClinicReceiptLine(models.Model):
    _name = "clinic.receipt.line"
    _description = "Receipt line"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "receipt_id, id"

    receipt_id = fields.Many2one(
        "clinic.receipt", required=True, index=True, ondelete="restrict"
    )
    charge_id = fields.Many2one(
        "clinic.charge", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    currency_id = fields.Many2one(related="receipt_id.currency_id")
    name = fields.Char(required=True)
    qty = fields.Float(string="Quantity", required=True, digits="Product Unit")
    price = fields.Monetary(required=True)
    amount = fields.Monetary(required=True)
    vat = fields.Selection(
        [
            *VAT,
            ("vat105", "VAT 5/105"),
            ("vat107", "VAT 7/107"),
            ("vat110", "VAT 10/110"),
            ("vat122", "VAT 22/122"),
            (rates.UNKNOWN, "VAT not known yet"),
        ],
        string="VAT",
        required=True,
        default="none",
        help="Licensed medical services carry no VAT (Tax Code, art. 149, 2.2). What is"
        " paid before a taxed service carries the calculated rate.",
    )
    unknown_tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes of an unknown rate",
        readonly=True,
        help="The receipt waits until an accountant says which VAT they are.",
    )
    payment_subject = fields.Selection(
        [("service", "Service"), ("commodity", "Goods"), ("payment", "Payment")],
        required=True,
        default="service",
    )
    payment_method = fields.Selection(
        [
            ("full_prepayment", "Full prepayment"),
            ("prepayment", "Part prepayment"),
            ("advance", "Advance"),
            ("full_payment", "Full payment"),
            ("partial_payment", "Part payment"),
            ("credit", "On credit"),
            ("credit_payment", "Payment of credit"),
        ],
        required=True,
    )

    def _get_vat_label(self):
        """The rate in words; of an exempt service the article, as its tax says it."""
        # Slips are printed by whoever took the money; taxes are no secret.
        charge = self.charge_id.sudo()
        taxes = charge.service_id.taxes_id._filter_taxes_by_company(charge.company_id)
        article = taxes.filtered(lambda tax: not tax.amount)[:1].invoice_label
        if self.vat == rates.NONE and self.payment_subject == "service" and article:
            return article
        return dict(self._fields["vat"]._description_selection(self.env))[self.vat]
