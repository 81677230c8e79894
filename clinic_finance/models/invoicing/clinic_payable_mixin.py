from odoo import models


class ClinicPayableMixin(models.AbstractModel):
    """What is paid by card or fast transfer: one payment at a time.

    Who begins one touches the documents, so that nobody else does.
    """

    _name = "clinic.payable.mixin"
    _description = "Paid online"
    _inherit = ["clinic.touch.mixin"]

    def _is_payable(self):
        """Hook: whether money may be taken for the document at all."""
        raise NotImplementedError

    def _get_due(self):
        """Hook: what is still to pay of the documents, in their currency."""
        raise NotImplementedError

    def _prepare_transaction_vals(self):
        """Hook: what ties a transaction to the documents."""
        raise NotImplementedError

    def _get_charges(self):
        """Hook: the charges that are paid with the documents."""
        raise NotImplementedError

    def _lock_payment(self):
        """Let nobody else begin a payment of the same charges, by whichever document,
        until the end of this transaction."""
        self._touch()
        self._get_charges()._touch()

    def _get_transactions(self):
        """Transactions of the documents, and of others that ask for the same."""
        charges = self._get_charges()
        return (
            self.transaction_ids
            | charges.payment_request_ids.transaction_ids
            | charges.move_line_ids.move_id.transaction_ids
        )

    def _can_begin_payment(self, amount):
        """Whether ``amount``, in the documents' currency, is something and still to
        pay, and nobody is paying already.
        """
        due = self._get_due()
        return (
            all(one._is_payable() for one in self)
            and not self._get_payments_under_way()
            and all(
                not currency.is_zero(amount)
                and currency.compare_amounts(amount, due) <= 0
                for currency in self.currency_id
            )
        )

    def _get_payments_under_way(self):
        """Transactions by which the documents may be paid already."""
        return self._get_transactions().filtered(lambda tx: tx._is_under_way())

    def _get_begun_transaction(self, provider, method, amount, operation):
        """The transaction that has been made before for the same and not been paid;
        others are given up.

        A saved card is charged at once, so that nothing begun is left of it. Whether
        the payer goes to the provider's page is the browser's word, and makes no other
        payment.
        """
        begun = self._get_transactions().filtered(
            lambda tx: tx.state == "draft" and tx.operation != "refund"
        )
        fitting = begun.filtered(
            lambda tx: (
                tx.provider_id == provider
                and tx.payment_method_id == method
                and operation != "online_token" != tx.operation
                and tx.partner_id == self._get_payer()
                and self._is_same(tx._get_payable())
                and tx.currency_id.compare_amounts(tx.amount, amount) == 0
            )
        )[:1]
        (begun - fitting)._withdraw()
        return fitting

    def _is_same(self, other):
        """Whether ``other`` is the same, or asks for the same charges."""
        charges = self._get_charges()
        return self == other or bool(charges) and charges == other._get_charges()

    def _get_payer(self):
        """Hook: the partner whose money it is, whoever pays."""
        raise NotImplementedError
