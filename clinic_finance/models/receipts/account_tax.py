from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import vat as rates

VAT = [
    ("none", "No VAT"),
    ("vat0", "VAT 0 %"),
    ("vat5", "VAT 5 %"),
    ("vat7", "VAT 7 %"),
    ("vat10", "VAT 10 %"),
    ("vat22", "VAT 22 %"),
]


class AccountTax(models.Model):
    """What receipts say of a tax."""

    _inherit = "account.tax"

    clinic_vat = fields.Selection(
        VAT,
        string="VAT on receipts",
        compute="_compute_clinic_vat",
        store=True,
        readonly=False,
        precompute=True,
        help="As the fiscal register knows it. What is paid before the service carries"
        " the calculated rate, such as 22/122. Nothing is fiscalised by a tax of whose"
        " rate nobody knows.",
    )

    @api.depends("amount", "amount_type")
    def _compute_clinic_vat(self):
        for tax in self:
            percent = tax.amount_type in ("percent", "division")
            tax.clinic_vat = percent and rates.of_rate(tax.amount)

    def _get_receipt_vat(self):
        """The rate of VAT of a service with these taxes.

        :raises UserError: no register knows it
        """
        taxes = self.flatten_taxes_hierarchy()
        if not taxes:
            return rates.NONE
        # Receipts are written by whoever takes the money; taxes are no secret.
        found = set(taxes.sudo().mapped("clinic_vat"))
        if False in found or len(found) > 1:
            raise UserError(
                self.env._(
                    "Receipts cannot say which VAT “%s” is. An accountant chooses it in"
                    " the tax.",
                    ", ".join(taxes.sudo().mapped("name")),
                )
            )
        return found.pop()
