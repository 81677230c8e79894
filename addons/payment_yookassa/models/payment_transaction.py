import logging
import uuid
from urllib.parse import urlencode

from odoo import api, fields, models

from odoo.addons.payment import utils as payment_utils

from ..tools.api import RefusedError, UncertainError

_logger = logging.getLogger(__name__)

REDIRECT_ROUTE = "/payment/yookassa/redirect"
RETURN_ROUTE = "/payment/yookassa/return"
METHODS = {"card": "bank_card", "sbp": "sbp"}


class PaymentTransaction(models.Model):
    """Payments, captures, releases and refunds at YooKassa.

    A transaction is its own outbox row: what is asked of YooKassa stands in it, with
    the idempotence key, before the call, so that whoever repeats the call gets the same
    object. A payment is created when the payer goes to the bank's page; capture,
    release and refund are sent by the cron after the commit that asked for them.
    Whatever is not known is asked for again.
    """

    _inherit = "payment.transaction"

    yookassa_call = fields.Selection(
        [
            ("create", "Payment"),
            ("capture", "Capture"),
            ("cancel", "Release"),
            ("refund", "Refund"),
        ],
        copy=False,
        groups="base.group_system",
    )
    yookassa_key = fields.Char(copy=False, groups="base.group_system")
    yookassa_body = fields.Json(copy=False, groups="base.group_system")
    yookassa_sent_at = fields.Datetime(copy=False, groups="base.group_system")
    yookassa_url = fields.Char(copy=False, groups="base.group_system")
    yookassa_ask_at = fields.Datetime(copy=False, groups="base.group_system")
    yookassa_failures = fields.Integer(copy=False, groups="base.group_system")

    _yookassa_ask = models.Index("(yookassa_ask_at) WHERE yookassa_ask_at IS NOT NULL")
    _yookassa_reference = models.Index(
        "(provider_reference) WHERE yookassa_call IS NOT NULL"
    )

    # === WHAT IS ASKED OF YOOKASSA === #

    def _yookassa_prepare(self, call, body=None, ask_at=False):
        """Write down what will be asked, with a key of its own; calls nobody."""
        self.write(
            {
                "yookassa_call": call,
                "yookassa_key": str(uuid.uuid4()),
                "yookassa_body": body,
                "yookassa_sent_at": ask_at,
                "yookassa_ask_at": ask_at,
            }
        )
        if ask_at:
            self.env.ref("payment_yookassa.ir_cron_follow_up")._trigger()

    def _get_specific_rendering_values(self, processing_values):
        if self.provider_code != "yookassa":
            return super()._get_specific_rendering_values(processing_values)
        if not self.yookassa_key:  # The form of a second tab leads to the same payment.
            self._yookassa_prepare("create", self._yookassa_get_payment_body())
        return self._yookassa_get_form_values()

    def _yookassa_get_form_values(self):
        """The form that leads to the bank's page, whether for the first time or not."""
        return {
            "api_url": REDIRECT_ROUTE,
            "reference": self.reference,
            "access_token": self._yookassa_get_token(),
        }

    def _yookassa_get_token(self):
        """Proof that a visitor came by our own form."""
        return payment_utils.generate_access_token(
            self.reference, self.id, "yookassa", env=self.env
        )

    def _yookassa_get_query(self):
        """Query of the address to which the payer returns.

        Encoded: references are named after invoices, whose journals may have codes in
        any alphabet.
        """
        return urlencode({"ref": self.reference, "token": self._yookassa_get_token()})

    def _yookassa_get_payment_body(self):
        """Body of ``POST /payments``."""
        base_url = self.provider_id.get_base_url().rstrip("/")
        method = METHODS.get(self.payment_method_code)
        body = {
            "amount": self._yookassa_get_amount(),
            # The Faster Payments System knows no second stage.
            "capture": not self.provider_id.capture_manually or method == "sbp",
            "description": self._yookassa_get_description()[:128],
            "confirmation": {
                "type": "redirect",
                "return_url": f"{base_url}{RETURN_ROUTE}?{self._yookassa_get_query()}",
            },
            "metadata": {"reference": self.reference},
        }
        if method:
            body["payment_method_data"] = {"type": method}
        if receipt := self._yookassa_get_receipt():
            body["receipt"] = receipt
        return body

    def _yookassa_get_refund_body(self):
        """Body of ``POST /refunds``."""
        body = {
            "payment_id": self.source_transaction_id.provider_reference,
            "amount": self._yookassa_get_amount(),
            "metadata": {"reference": self.reference},
        }
        if receipt := self._yookassa_get_receipt():
            body["receipt"] = receipt
        return body

    def _yookassa_get_amount(self):
        return {
            "value": f"{abs(self.amount):.2f}",
            "currency": self.currency_id.name,
        }

    def _yookassa_get_description(self):
        """What payer and bank read; says nothing of what is paid for."""
        lang = self.partner_lang or self.env.lang
        return self.with_context(lang=lang).env._("Payment %s", self.reference)

    def _yookassa_get_receipt(self):
        """The ``receipt`` of a payment or refund (54-ФЗ); None to leave it out.

        A hook for whoever knows what is sold.
        """
        return None

    def _send_capture_request(self):
        if self.provider_code != "yookassa":
            return super()._send_capture_request()
        body = {"amount": self._yookassa_get_amount()}
        if receipt := self.source_transaction_id._yookassa_get_receipt():
            body["receipt"] = receipt
        return self._yookassa_prepare("capture", body, self.env.cr.now())

    def _send_void_request(self):
        if self.provider_code != "yookassa":
            return super()._send_void_request()
        return self._yookassa_prepare("cancel", None, self.env.cr.now())

    def _send_refund_request(self):
        if self.provider_code != "yookassa":
            return super()._send_refund_request()
        body = self._yookassa_get_refund_body()
        return self._yookassa_prepare("refund", body, self.env.cr.now())

    # === THE PAYER === #

    def _yookassa_start(self):
        """Address of the bank's page for the payer of ``self``; the one call that a
        request makes itself.

        :return: None if there is nothing to pay any more
        :raises UncertainError: no answer; called again, the same payment comes back
        :raises RefusedError: there will be no payment; the transaction says so
        """
        self.ensure_one()
        if self.state not in ("draft", "pending"):
            return None
        if not self._yookassa_is_owed():
            self._yookassa_withdraw()
            return None
        if not self.yookassa_url:
            self.yookassa_sent_at = self.yookassa_sent_at or self.env.cr.now()
            try:
                self._yookassa_follow_up()
            except RefusedError as error:
                self._yookassa_note_refusal(error)
                raise
            except UncertainError:
                self._yookassa_note_silence()
                raise
        return self.yookassa_url

    def _yookassa_is_asked_for(self):
        """Whether YooKassa may have made this payment."""
        self.ensure_one()
        return self.yookassa_call == "create" and bool(self.yookassa_sent_at)

    def _yookassa_is_owed(self):
        """Whether the invoices of ``self`` still want its sum, and no other of their
        payments is at YooKassa.
        """
        self.ensure_one()
        documents, owed = self._yookassa_get_owed()
        if not documents:
            return True
        others = (documents.transaction_ids - self).filtered(
            lambda tx: (
                tx.state in ("draft", "pending", "authorized")
                and tx._yookassa_is_asked_for()
            )
        )
        return not others and self.currency_id.compare_amounts(self.amount, owed) <= 0

    def _yookassa_get_owed(self):
        """Hook: the documents that ``self`` pays, and what they still want."""
        posted = self.invoice_ids.filtered(lambda move: move.state == "posted")
        return self.invoice_ids, sum(posted.mapped("amount_residual"))

    def _yookassa_withdraw(self):
        """Give up a payment that YooKassa was never asked for; another one runs out."""
        if not self._yookassa_is_asked_for():
            self._set_canceled(self.env._("Nothing is owed by this payment any more."))

    def _yookassa_get_resume_values(self):
        """Values of the form that leads back to an unfinished payment, or empty."""
        unfinished = self.filtered(
            lambda tx: tx.state in ("draft", "pending") and tx._yookassa_is_asked_for()
        )[:1]
        return unfinished and unfinished._yookassa_get_form_values()

    def _yookassa_refresh(self):
        """Ask YooKassa now, for a payer who has come back; never raises.

        What cannot be told now is asked for by the cron.
        """
        self.ensure_one()
        try:
            self._yookassa_lock()
            self._yookassa_follow_up()
        except (RefusedError, UncertainError) as error:
            _logger.info("Transaction %s: %s", self.reference, error)

    # === ODOO'S PROCESSING === #

    @api.model
    def _extract_reference(self, provider_code, payment_data):
        if provider_code != "yookassa":
            return super()._extract_reference(provider_code, payment_data)
        return (payment_data.get("metadata") or {}).get("reference")

    def _extract_amount_data(self, payment_data):
        if self.provider_code != "yookassa":
            return super()._extract_amount_data(payment_data)
        amount = payment_data.get("amount") or {}
        return {
            "amount": float(amount.get("value") or 0),
            "currency_code": amount.get("currency"),
        }

    def _apply_updates(self, payment_data):
        if self.provider_code != "yookassa":
            return super()._apply_updates(payment_data)
        self.provider_reference = payment_data["id"]
        kind = (payment_data.get("payment_method") or {}).get("type")
        method = self.env["payment.method"]._get_from_code(kind, mapping=METHODS)
        self.payment_method_id = method or self.payment_method_id
        status = payment_data.get("status")
        return getattr(self, f"_yookassa_set_{self.yookassa_call}")(
            status, payment_data
        )

    def _yookassa_set_create(self, status, data):
        # Money that has come is booked, even if nobody here waited for it any more.
        late = ("cancel",)
        if status == "succeeded":
            self._set_done(extra_allowed_states=late)
        elif status == "waiting_for_capture":
            self._set_authorized(extra_allowed_states=late)
        elif status == "canceled":
            self._set_canceled(self._yookassa_get_reason(data))
        elif self.state == "draft":
            self._set_pending()

    def _yookassa_set_capture(self, status, _data):
        if status == "succeeded":
            self._set_done()
        elif status == "canceled":
            self._set_error(
                self.env._("The money was released before it could be captured.")
            )

    def _yookassa_set_cancel(self, status, _data):
        if status == "canceled":
            self._set_canceled()
        elif status == "succeeded":
            self._set_error(
                self.env._("The money was captured before it could be released.")
            )

    def _yookassa_set_refund(self, status, data):
        if status == "succeeded":
            self._set_done()
        elif status == "canceled":
            reason = self._yookassa_get_reason(data)
            self._set_error(reason)
            self._yookassa_open_case("refused", data, detail=reason)
        elif self.state == "draft":
            self._set_pending()

    def _yookassa_get_reason(self, data):
        """Why YooKassa or the payer's bank has cancelled, as its code."""
        details = data.get("cancellation_details") or {}
        return self.env._(
            "Cancelled: %(reason)s (%(party)s)",
            reason=details.get("reason") or "?",
            party=details.get("party") or "?",
        )
