from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    clinic_bank_automatic = fields.Boolean(
        string="Reconcile certain transfers",
        help="Transfers that name an invoice, a visit, a card or a telephone and pay it"
        " to the kopeck are reconciled at import. Off: they are only proposed.",
    )
