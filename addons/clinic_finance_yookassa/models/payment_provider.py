from odoo import fields, models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    yookassa_receipts = fields.Boolean(
        string="Receipts by YooKassa",
        help="YooKassa prints the receipts (54-ФЗ) of payments that go through it: at"
        " payment, at refund, and when an advance is offset. Switch it on once it is"
        " switched on in the cabinet.",
    )
