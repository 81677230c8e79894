from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PaymentTransaction(models.Model):
    """What providers say of a payment is written by what talks to them."""

    _name = "payment.transaction"
    _inherit = ["clinic.engine.mixin", "payment.transaction"]
    # Odoo's pages and providers work as superuser after their own checks.
    _engine_is_superuser = True

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

    def _withdraw(self):
        """Give up drafts; of use to providers that know that nobody can pay them."""

    def _create_child_transaction(
        self, amount, is_refund=False, **custom_create_values
    ):
        """A capture pays the same invoices; Odoo forgets them."""
        if not is_refund and self.invoice_ids:
            custom_create_values.setdefault(
                "invoice_ids", [Command.set(self.invoice_ids.ids)]
            )
        return super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )

    def _create_payment(self, **extra_create_values):
        """Payments and refunds carry the patient of the invoices, and so a receipt."""
        invoices = self.invoice_ids or self.source_transaction_id.invoice_ids
        patient = invoices.clinic_patient_id
        if len(patient) == 1:
            extra_create_values.setdefault("clinic_patient_id", patient.id)
        return super()._create_payment(**extra_create_values)
