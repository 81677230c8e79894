from odoo import api, fields, models

from ...tools import vat as rates

TASK = "mail.mail_activity_data_todo"
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

    _name = "account.tax"
    _inherit = ["account.tax", "mail.activity.mixin"]

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
        """The rate of VAT of a service with these taxes; ``unknown`` if no register
        knows it, or the taxes do not agree."""
        taxes = self.flatten_taxes_hierarchy()
        if not taxes:
            return rates.NONE
        # Receipts are written by whoever takes the money; taxes are no secret.
        found = set(taxes.sudo().mapped("clinic_vat"))
        if False in found or len(found) > 1:
            return rates.UNKNOWN
        return found.pop()

    def write(self, vals):
        """Receipts that have waited for the rate go on."""
        result = super().write(vals)
        if "clinic_vat" in vals:
            told = self.filtered("clinic_vat")
            told.activity_feedback([TASK])
            # Receipts are written by nobody by hand; the tax may be changed, it was.
            self.env["clinic.receipt"].sudo()._release_held()
        return result

    def _ask_vat(self, company):
        """A task for an accountant of ``company``; one for a tax, however many receipts
        wait for it."""
        accountants = self.env.ref("clinic_base.group_accountant").user_ids.filtered(
            lambda user: user.active and company in user.company_ids
        )
        for tax in self.filtered(lambda tax: not tax.activity_ids):
            tax.activity_schedule(
                TASK,
                summary=self.env._("Receipts wait for a rate of VAT"),
                note=self.env._(
                    "Receipts cannot say which VAT “%s” is. Choose “VAT on receipts” in"
                    " the tax: the receipts that wait are then handed over.",
                    tax.name,
                ),
                user_id=accountants[:1].id or self.env.uid,
            )
