from odoo import models


class PaymentYookassaCase(models.Model):
    """What was looked into is kept like every other record of the clinic's money."""

    _name = "payment.yookassa.case"
    _inherit = ["payment.yookassa.case", "clinic.archive.mixin"]
