import logging
import uuid
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import LockError

from odoo.addons.payment import utils as payment_utils

from ..tools.api import RefusedError, UncertainError

_logger = logging.getLogger(__name__)

BATCH = 100
REDIRECT_ROUTE = "/payment/yookassa/redirect"
RETURN_ROUTE = "/payment/yookassa/return"
METHODS = {"card": "bank_card", "sbp": "sbp"}
# Keys are remembered for 24 h; a later repetition might do the same thing again.
KEY_LIFE = timedelta(hours=23)
FAILURES_BEFORE_PERSON = 12
OPEN = ("draft", "pending", "authorized")
# Money of the payer is taken or held.
MONEY = ("succeeded", "waiting_for_capture")


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

    def _yookassa_get_payment_body(self):
        """Body of ``POST /payments``."""
        base_url = self.provider_id.get_base_url()
        method = METHODS.get(self.payment_method_code)
        body = {
            "amount": self._yookassa_get_amount(),
            # The Faster Payments System knows no second stage.
            "capture": not self.provider_id.capture_manually or method == "sbp",
            "description": self._yookassa_get_description()[:128],
            "confirmation": {
                "type": "redirect",
                "return_url": f"{base_url}{RETURN_ROUTE}?ref={self.reference}"
                f"&token={self._yookassa_get_token()}",
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
        return self._yookassa_prepare("capture", body, fields.Datetime.now())

    def _send_void_request(self):
        if self.provider_code != "yookassa":
            return super()._send_void_request()
        return self._yookassa_prepare("cancel", None, fields.Datetime.now())

    def _send_refund_request(self):
        if self.provider_code != "yookassa":
            return super()._send_refund_request()
        body = self._yookassa_get_refund_body()
        return self._yookassa_prepare("refund", body, fields.Datetime.now())

    # === THE PAYER === #

    def _yookassa_start(self):
        """Address of the bank's page for the payer of ``self``; the one call that a
        request makes itself.

        :raises UncertainError: no answer; called again, the same payment comes back
        :raises RefusedError: there will be no payment; the transaction says so
        """
        self.ensure_one()
        if not self.yookassa_url:
            self.yookassa_sent_at = self.yookassa_sent_at or fields.Datetime.now()
            try:
                self._yookassa_follow_up()
            except RefusedError as error:
                self._yookassa_note_refusal(error)
                raise
            except UncertainError:
                self._yookassa_note_silence()
                raise
        return self.yookassa_url

    def _yookassa_get_resume_values(self):
        """Values of the form that leads back to an unfinished payment, or empty."""
        unfinished = self.filtered(
            lambda tx: (
                tx.yookassa_call == "create"
                and tx.yookassa_url
                and tx.state in ("draft", "pending")
            )
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
        self.yookassa_ask_at = fields.Datetime.now() + timedelta(
            minutes=min(2 ** (self.yookassa_failures - 1), 60)
        )
        if self.yookassa_failures >= FAILURES_BEFORE_PERSON:
            self._yookassa_open_case("unclear")

    def _yookassa_schedule(self):
        """Plan when to ask for ``self`` again, now that an answer has come.

        Seldomer the older it is: after a minute at first, every hour in the end.
        """
        now = fields.Datetime.now()
        for transaction in self:
            age = now - (transaction.yookassa_sent_at or now)
            delay = min(max(age / 2, timedelta(minutes=1)), timedelta(hours=1))
            transaction.write(
                {
                    "yookassa_failures": 0,
                    "yookassa_ask_at": transaction.state in OPEN and now + delay,
                }
            )

    # === CRON === #

    @api.model
    def _cron_yookassa(self):
        """Act on notices, ask for what is open, send what waits, book what has come.

        One after the other, each in a transaction of its own: a kill loses nothing, and
        one bad record never stops the rest. What has come is booked before anything
        else is asked for.
        """
        notices = self.env["payment.yookassa.notice"]
        cron = self.env["ir.cron"]
        steps = (
            (notices, notices._get_waiting_domain(), "_attend"),
            (self, self._yookassa_get_due_domain(), "_yookassa_attend"),
        )
        cron._commit_progress(
            remaining=sum(model.search_count(domain) for model, domain, _ in steps)
        )
        in_time = self._yookassa_book_all()
        for model, domain, method in steps:
            for record in model.search(domain, limit=BATCH, order="id"):
                if not in_time:
                    # Odoo's server for crons would rest for a minute.
                    self.env.ref("payment_yookassa.ir_cron_follow_up")._trigger()
                    return
                getattr(record, method)()
                in_time = cron._commit_progress(1) and self._yookassa_book_all()

    @api.model
    def _yookassa_book_all(self):
        """Book what has come; whether there is time left."""
        domain = self._yookassa_get_booking_domain()
        for transaction in self.search(domain, limit=BATCH, order="id"):
            transaction._yookassa_book()
            if not self.env["ir.cron"]._commit_progress():
                return False
        return True

    @api.model
    def _yookassa_get_due_domain(self):
        return [
            ("yookassa_ask_at", "<=", fields.Datetime.now()),
            ("state", "in", OPEN),
        ]

    @api.model
    def _yookassa_get_booking_domain(self):
        return [
            ("yookassa_call", "!=", False),
            ("state", "in", ("done", "cancel")),
            ("is_post_processed", "=", False),
            "|",
            ("yookassa_ask_at", "=", False),
            ("yookassa_ask_at", "<=", fields.Datetime.now()),
        ]

    def _yookassa_attend(self):
        """Ask about one transaction; never raises."""
        self.ensure_one()
        payment = self.source_transaction_id or self
        try:
            if not payment.try_lock_for_update():
                return
            with self.env.cr.savepoint():
                if self._yookassa_is_forgotten():
                    self._yookassa_give_up()
                else:
                    self._yookassa_follow_up()
        except OperationalError:
            # Somebody else has changed it just now, and plans what comes next.
            self.env.cr.rollback()
        except RefusedError as error:
            self._yookassa_note_refusal(error)
        except UncertainError as error:
            _logger.info("Transaction %s: %s", self.reference, error)
            self._yookassa_note_silence()
        except Exception as error:
            _logger.warning(
                "Transaction %s: %s",
                self.reference,
                type(error).__name__,
                exc_info=True,
            )
            self._yookassa_note_silence()

    def _yookassa_is_forgotten(self):
        """Whether YooKassa may no longer know the key of a call without an answer."""
        return (
            not self.provider_reference
            and self.yookassa_call in ("create", "refund")
            and self.yookassa_sent_at < fields.Datetime.now() - KEY_LIFE
        )

    def _yookassa_give_up(self):
        """Never send again what a forgotten key would do twice; look for it instead."""
        if self.yookassa_call == "create":
            # Nobody has seen the page where it could be paid.
            self._set_canceled(self.env._("YooKassa did not answer."))
            self._yookassa_schedule()
            return
        refunds = self.provider_id._yookassa_client().get(
            "refunds", payment_id=self.source_transaction_id.provider_reference
        )
        for refund in refunds.get("items") or ():
            if (refund.get("metadata") or {}).get("reference") == self.reference:
                self._yookassa_apply_refund(refund)
                return
        self._set_error(self.env._("YooKassa did not answer; nothing was refunded."))
        self._yookassa_schedule()
        self._yookassa_open_case("unclear")

    def _yookassa_book(self):
        """Make the entries of one transaction; never raises.

        Trouble in the books leaves the payment received, and asks a person.
        """
        self.ensure_one()
        try:
            if not self.try_lock_for_update():
                return
            with self.env.cr.savepoint():
                self._post_process()
        except OperationalError:
            self.env.cr.rollback()
        except Exception as error:
            _logger.warning(
                "Transaction %s could not be booked: %s",
                self.reference,
                type(error).__name__,
                exc_info=True,
            )
            self.yookassa_ask_at = fields.Datetime.now() + timedelta(hours=1)
            self._yookassa_open_case("booking")
