from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PaymentTransaction(models.Model):
    """What providers say of a payment is written by what talks to them."""

    _name = "payment.transaction"
    _inherit = ["clinic.engine.mixin", "payment.transaction"]
    # Odoo's pages and providers work as superuser after their own checks.
    _engine_is_superuser = True

    clinic_request_id = fields.Many2one(
        "clinic.payment.request",
        string="Request to pay",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_engine_fields(self):
        return frozenset(self._fields) - {"message_follower_ids", "activity_ids"}

    def action_refund(self, amount_to_refund=None):
        """Not more is given back than was paid, however often it is asked for.

        :raises UserError: a refund of it all has been made or is under way
        """
        self.check_access("write")
        # Checked just above; the row is locked against a second press.
        for transaction in self.sudo():
            transaction.lock_for_update()
            given = transaction.search(
                [
                    ("source_transaction_id", "=", transaction.id),
                    ("operation", "=", "refund"),
                    ("state", "not in", ("cancel", "error")),
                ]
            )
            # Refunds are negative.
            left = transaction.amount + sum(given.mapped("amount"))
            wanted = (
                transaction.amount if amount_to_refund is None else amount_to_refund
            )
            if transaction.currency_id.compare_amounts(wanted, left) > 0:
                raise UserError(
                    self.env._("This payment has been given back, or soon will be.")
                )
        return super().action_refund(amount_to_refund=amount_to_refund)

    def _is_under_way(self):
        """Whether a payment may have been made by ``self`` that is not booked yet, so
        that another one would be paid twice.

        Providers that know more say so.
        """
        self.ensure_one()
        if self.operation == "refund":
            return False
        return self.state in ("pending", "authorized") or (
            self.state == "done" and not self.is_post_processed
        )

    @api.model
    def _compute_reference_prefix(self, separator, **values):
        """The number of the request, as Odoo takes that of an invoice."""
        if number := values.get("clinic_request_id"):
            return self.env["clinic.payment.request"].browse(number).name
        return super()._compute_reference_prefix(separator, **values)

    def _get_payable(self):
        """The request or the invoices that the transaction pays."""
        return self.clinic_request_id or self.invoice_ids

    def _withdraw(self):
        """Give up drafts; of use to providers that know that nobody can pay them."""

    def _create_child_transaction(
        self, amount, is_refund=False, **custom_create_values
    ):
        """A capture pays the same; Odoo forgets what."""
        if not is_refund and self._get_payable():
            for name, value in self._get_payable()._prepare_transaction_vals().items():
                custom_create_values.setdefault(name, value)
        return super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )

    def _create_payment(self, **extra_create_values):
        """Payments and refunds carry the patient, and so a receipt; payments what they
        were made for."""
        source = self.source_transaction_id
        invoices = self.invoice_ids or source.invoice_ids
        request = self.clinic_request_id or source.clinic_request_id
        patient = invoices.clinic_patient_id | request.charge_ids.patient_id
        if self.amount > 0 and request:
            extra_create_values.setdefault(
                "clinic_charge_ids", [Command.set(request.charge_ids.ids)]
            )
        if len(patient) == 1 or request:
            extra_create_values.setdefault("clinic_patient_id", patient[:1].id)
        return super()._create_payment(**extra_create_values)
