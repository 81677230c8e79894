from odoo import models


class AccountMove(models.Model):
    """Payments by card or fast transfer: one at a time for an invoice.

    Who begins one touches the invoices, so that nobody else does.
    """

    _inherit = "account.move"

    def _can_begin_payment(self, amount):
        """Whether ``amount``, in the invoices' currency, is something and still to pay,
        and nobody is paying already.
        """
        due = sum(self.mapped("amount_residual"))
        return (
            all(
                invoice.state == "posted"
                and invoice.move_type in ("out_invoice", "out_receipt")
                for invoice in self
            )
            and not self._get_payments_under_way()
            and all(
                not currency.is_zero(amount)
                and currency.compare_amounts(amount, due) <= 0
                for currency in self.currency_id
            )
        )

    def _get_payments_under_way(self):
        """Transactions by which an invoice may be paid already."""
        return self.transaction_ids.filtered(lambda tx: tx._is_under_way())

    def _get_begun_transaction(self, provider, method, amount, operation):
        """The transaction that has been made before for the same and not been paid;
        others are given up.

        A saved card is charged at once, so that nothing begun is left of it.
        """
        begun = self.transaction_ids.filtered(
            lambda tx: tx.state == "draft" and tx.operation != "refund"
        )
        fitting = begun.filtered(
            lambda tx: (
                tx.provider_id == provider
                and tx.payment_method_id == method
                and tx.operation == operation != "online_token"
                and tx.partner_id == self.partner_id
                and tx.invoice_ids == self
                and tx.currency_id.compare_amounts(tx.amount, amount) == 0
            )
        )[:1]
        (begun - fitting)._withdraw()
        return fitting
