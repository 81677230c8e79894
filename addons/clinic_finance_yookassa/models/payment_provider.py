from odoo import fields, models


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    yookassa_receipts = fields.Boolean(
        string="Receipts by YooKassa",
        help="YooKassa prints the receipts (54-ФЗ) of payments that go through it: at"
        " payment, at refund, and when an advance is offset. Switch it on once it is"
        " switched on in the cabinet.",
    )
    yookassa_own_register = fields.Boolean(
        string="YooKassa's own register",
        help="“Чеки от ЮKassa” know a full prepayment and a full payment only: parts,"
        " advances and payments of a credit go as the one or the other. Leave it off"
        " for a register of your own that is joined to YooKassa.",
    )
