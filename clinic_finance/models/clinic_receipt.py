from odoo import api, fields, models
from odoo.fields import Command


class ClinicReceipt(models.Model):
    """A money event as a fiscal register needs it (54-ФЗ); one row each.

    The key makes a second receipt for the same event impossible. A register plugs in
    later; until then the receipt is printed as a slip.
    """

    _name = "clinic.receipt"
    _description = "Receipt"
    _inherit = ["clinic.archive.mixin"]
    _order = "date desc, id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("income", "Income"),
            ("refund", "Refund"),
            ("offset", "Offset of an advance"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    patient_id = fields.Many2one(
        "clinic.patient", readonly=True, index=True, ondelete="restrict"
    )
    payer_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    payment_id = fields.Many2one(
        "account.payment", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    line_ids = fields.One2many("clinic.receipt.line", "receipt_id", readonly=True)
    state = fields.Selection(
        [("pending", "Not printed"), ("printed", "Printed"), ("failed", "Failed")],
        required=True,
        default="pending",
        readonly=True,
    )

    _key_once = models.Constraint("UNIQUE (key)", "This receipt exists already.")

    @api.model
    def _create_for_payments(self, payments):
        """Receipts for posted ``payments`` that have none yet."""
        known = set(self.search([("payment_id", "in", payments.ids)]).payment_id.ids)
        return self.create(
            [
                self._prepare_payment_vals(payment)
                for payment in payments
                if payment.id not in known and payment.state in ("in_process", "paid")
            ]
        )

    @api.model
    def _prepare_payment_vals(self, payment):
        return {
            "key": f"payment-{payment.id}",
            "kind": "income" if payment.payment_type == "inbound" else "refund",
            "patient_id": payment.clinic_patient_id.id,
            "payer_id": payment.partner_id.id,
            "payment_id": payment.id,
            "company_id": payment.company_id.id,
            "currency_id": payment.currency_id.id,
            "amount": payment.amount,
            "line_ids": [
                Command.create(vals) for vals in self._prepare_line_vals_list(payment)
            ],
        }

    @api.model
    def _prepare_line_vals_list(self, payment):
        """The invoice's lines if they sum up to the payment, else one line of it."""
        lines = payment.invoice_ids.invoice_line_ids
        if lines and payment.currency_id.is_zero(
            sum(lines.mapped("price_total")) - payment.amount
        ):
            return [
                {
                    "name": line.name,
                    "qty": line.quantity,
                    "price": line.price_total / line.quantity,
                    "amount": line.price_total,
                    "payment_method": self._get_payment_method(line),
                }
                for line in lines
            ]
        return [
            {
                "name": self.env._("Services of the clinic"),
                "qty": 1.0,
                "price": payment.amount,
                "amount": payment.amount,
                "payment_method": "advance" if not lines else "prepayment",
            }
        ]

    @api.model
    def _get_payment_method(self, line):
        """54-ФЗ tag 1214: paid in full before the service, or with it."""
        rendered = line.clinic_charge_id.appointment_id.state == "done"
        return "full_payment" if rendered else "full_prepayment"
