from odoo import fields, models

READERS = "account.group_account_invoice,account.group_account_readonly"


class ResPartner(models.Model):
    """What Odoo computes from invoices is for those who may read them; without their
    groups these two refused a reading of the whole contact to everybody else."""

    _inherit = "res.partner"

    days_sales_outstanding = fields.Float(groups=READERS)
    supplier_invoice_count = fields.Integer(groups=READERS)
