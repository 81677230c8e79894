import logging
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import LockError

from ..tools.api import RefusedError, UncertainError

_logger = logging.getLogger(__name__)

FAILURES_BEFORE_PERSON = 12
OPEN = ("draft", "pending", "authorized")
# Money of the payer is taken or held.
MONEY = ("succeeded", "waiting_for_capture")


class PaymentTransaction(models.Model):
    """What YooKassa says has become of a transaction, and when a person is asked."""

    _inherit = "payment.transaction"

    # === WHAT BECAME OF IT === #

    def _yookassa_follow_up(self):
        """Ask YooKassa about ``self`` and take over what it says.

        What has not been answered yet is sent, with the key that was written down.

        :raises UncertainError: no answer
        :raises RefusedError: asked for something that YooKassa will not do
        """
        self.ensure_one()
        client = self.provider_id._yookassa_client()
        source = self.source_transaction_id
        if self.yookassa_call in ("capture", "cancel"):
            path = f"payments/{source.provider_reference}"
            payment = self._yookassa_read(client, path)
            if payment.get("status") == "waiting_for_capture" and self.state in OPEN:
                payment = client.post(
                    f"{path}/{self.yookassa_call}",
                    self.yookassa_body,
                    self.yookassa_key,
                )
            source._yookassa_apply_payment(payment)
        elif self.yookassa_call == "refund":
            self._yookassa_apply_refund(self._yookassa_call_once(client, "refunds"))
        else:
            self._yookassa_apply_payment(self._yookassa_call_once(client, "payments"))

    def _yookassa_call_once(self, client, path):
        """The object at YooKassa, made now if it was not made before."""
        if self.provider_reference:
            return self._yookassa_read(client, f"{path}/{self.provider_reference}")
        return client.post(path, self.yookassa_body, self.yookassa_key)

    @api.model
    def _yookassa_read(self, client, path):
        """An object that is known to be there.

        :raises UncertainError: YooKassa does not show it, whatever the reason
        """
        try:
            found = client.get(path)
        except RefusedError as error:
            # A changed key or shop says nothing of what became of the payment.
            raise UncertainError(str(error)) from error
        if found.get("id") != path.rpartition("/")[2]:
            raise UncertainError("another object")
        return found

    @api.model
    def _yookassa_take_payment(self, provider, payment):
        """Take over a payment of ``provider``'s shop that YooKassa has shown.

        :return: whether it is one of ours
        """
        transaction = self._yookassa_find(provider, "create", payment)
        if not transaction:
            self._yookassa_note_unknown(provider, payment)
            return False
        transaction._yookassa_lock()
        transaction._yookassa_apply_payment(payment)
        return True

    @api.model
    def _yookassa_take_refund(self, provider, refund):
        """Take over a refund, also one that was made by hand in the cabinet."""
        source = self.search(
            [
                ("provider_id", "=", provider.id),
                ("yookassa_call", "=", "create"),
                ("provider_reference", "=", refund.get("payment_id")),
            ],
            limit=1,
        )
        if not source:
            # The payment itself has not been heard of yet, or is not ours at all.
            payment = self._yookassa_read(
                provider._yookassa_client(), f"payments/{refund.get('payment_id')}"
            )
            if not self._yookassa_take_payment(provider, payment):
                return False
            source = self._yookassa_find(provider, "create", payment)
        source._yookassa_lock()
        transaction = self._yookassa_find(provider, "refund", refund)
        if not transaction:
            transaction = source._create_child_transaction(
                float(refund["amount"]["value"]), is_refund=True
            )
            transaction.yookassa_call = "refund"
        transaction._yookassa_apply_refund(refund)
        return True

    @api.model
    def _yookassa_find(self, provider, call, data):
        """Our transaction of ``data``, by its number or by the reference in it."""
        ours = [("provider_id", "=", provider.id), ("yookassa_call", "=", call)]
        found = self.search([*ours, ("provider_reference", "=", data["id"])], limit=1)
        reference = (data.get("metadata") or {}).get("reference")
        return found or self.search(
            [
                *ours,
                ("provider_reference", "=", False),
                ("reference", "=", reference),
            ],
            limit=1,
        )

    def _yookassa_lock(self):
        """Be the only one who works on this payment.

        :raises UncertainError: somebody else does
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UncertainError("locked") from error

    def _yookassa_apply_payment(self, payment):
        """Take over the state of a payment that YooKassa has shown."""
        self.ensure_one()
        if reason := self._yookassa_find_mismatch(payment):
            self._yookassa_note_mismatch(payment, reason)
            return
        confirmation = payment.get("confirmation") or {}
        self.write(
            {
                "provider_reference": payment["id"],
                "yookassa_url": confirmation.get("confirmation_url"),
            }
        )
        children = self.child_transaction_ids.filtered(
            lambda tx: tx.yookassa_call in ("capture", "cancel") and tx.state in OPEN
        )
        for transaction in children | self:
            transaction._process("yookassa", payment)
        (children | self)._yookassa_schedule()

    def _yookassa_apply_refund(self, refund):
        """Take over the state of a refund that YooKassa has shown."""
        self.ensure_one()
        source = self.source_transaction_id
        if refund.get("payment_id") != source.provider_reference:
            self._yookassa_note_mismatch(refund, "shop")
        elif self._yookassa_has_other_amount(refund):
            self._yookassa_note_mismatch(refund, "amount")
        else:
            if source.state in OPEN:
                # Heard of the refund before the payment.
                source._yookassa_follow_up()
            if source.state == "done" and not source.is_post_processed:
                # A refund that is done keeps Odoo from booking its payment.
                source._post_process()
            self._process("yookassa", refund)
            self._yookassa_schedule()

    def _yookassa_find_mismatch(self, payment):
        """Why ``payment`` is not what was asked for: "amount", "shop", or None."""
        recipient = payment.get("recipient") or {}
        shop = self.provider_id.sudo().yookassa_shop_id
        reference = (payment.get("metadata") or {}).get("reference")
        if (
            str(recipient.get("account_id", shop)) != shop
            or bool(payment.get("test")) == self.is_live
            or reference != self.reference
        ):
            return "shop"
        return "amount" if self._yookassa_has_other_amount(payment) else None

    def _yookassa_has_other_amount(self, data):
        amount = self._extract_amount_data(data)
        return (
            self.currency_id.compare_amounts(amount["amount"], abs(self.amount)) != 0
            or amount["currency_code"] != self.currency_id.name
        )

    # === PEOPLE === #

    def _yookassa_open_case(self, kind, data=None, **vals):
        """Ask a person to look into ``self``, once for each kind of trouble."""
        self.ensure_one()
        return self._yookassa_open_case_of(
            self.provider_id,
            f"{kind}:{self.id}",
            kind,
            data,
            transaction_id=self.id,
            **vals,
        )

    @api.model
    def _yookassa_open_case_of(self, provider, key, kind, data=None, **vals):
        amount = (data or {}).get("amount") or {}
        currency = self.env["res.currency"].with_context(active_test=False)
        # Whoever happens to notice need not be allowed to write it down.
        return (
            self.env["payment.yookassa.case"]
            .sudo()
            ._open(
                f"{provider.id}:{key}",
                kind,
                provider,
                provider_reference=(data or {}).get("id"),
                amount=float(amount.get("value") or 0),
                currency_id=currency.search([("name", "=", amount.get("currency"))]).id,
                **vals,
            )
        )

    def _yookassa_note_mismatch(self, data, reason):
        """Book nothing; if money has moved, a person has to look."""
        self._set_error(
            self.env._("YooKassa's answer does not fit what was asked for.")
        )
        self._yookassa_schedule()
        if data.get("status") in MONEY:
            self._yookassa_open_case(reason, data)

    @api.model
    def _yookassa_note_unknown(self, provider, payment):
        if payment.get("status") in MONEY:
            self._yookassa_open_case_of(
                provider, f"unknown:{payment['id']}", "unknown", payment
            )

    def _yookassa_note_refusal(self, error):
        """The call was refused: nothing has moved; a person mends the cause."""
        self._set_error(self.env._("YooKassa refused the request."))
        self._yookassa_schedule()
        detail = f"{error.status} {error.code} {error.parameter}".strip()
        if self.yookassa_call == "refund":
            self._yookassa_open_case("refused", detail=detail)
        else:
            # The same cause stops every payer: one activity for all of them.
            self._yookassa_open_case_of(
                self.provider_id,
                f"refused:{self.yookassa_call}:{detail}",
                "refused",
                detail=detail,
                transaction_id=self.id,
                again=True,
            )

    def _yookassa_note_silence(self):
        """No answer: ask again, later each time; in the end a person looks as well."""
        self.yookassa_failures += 1
        self.yookassa_ask_at = self.env.cr.now() + timedelta(
            minutes=min(2 ** (self.yookassa_failures - 1), 60)
        )
        if self.yookassa_failures >= FAILURES_BEFORE_PERSON:
            self._yookassa_open_case("unclear")

    def _yookassa_schedule(self):
        """Plan when to ask for ``self`` again, now that an answer has come.

        Seldomer the older it is: after a minute at first, every hour in the end.
        """
        now = self.env.cr.now()
        for transaction in self:
            age = now - (transaction.yookassa_sent_at or now)
            delay = min(max(age / 2, timedelta(minutes=1)), timedelta(hours=1))
            transaction.write(
                {
                    "yookassa_failures": 0,
                    "yookassa_ask_at": transaction.state in OPEN and now + delay,
                }
            )
