"""YooKassa's API v3 as its documentation describes it, over real HTTP on loopback.

Refuses what the real one refuses: unknown fields, sums in another form, a key used for
another body, a second capture, more than was paid. The official SDK is a second client
in the tests, so that the fake is known not to be shaped by ours alone.
"""

import base64
import copy
import json
import re
import threading
import uuid
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import requests

SHOP, SECRET = "100500", "test_secret"
MONEY = re.compile(r"\d{1,15}\.\d{2}")
PAYMENT_FIELDS = {
    "amount",
    "capture",
    "client_ip",
    "confirmation",
    "description",
    "merchant_customer_id",
    "metadata",
    "payment_method_data",
    "receipt",
    "save_payment_method",
    "statements",
    "transfers",
}
REFUND_FIELDS = {
    "payment_id",
    "amount",
    "description",
    "metadata",
    "receipt",
    "sources",
}
RECEIPT_FIELDS = {
    "type",
    "payment_id",
    "refund_id",
    "additional_user_props",
    "customer",
    "email",
    "internet",
    "items",
    "on_behalf_of",
    "phone",
    "receipt_industry_details",
    "receipt_operational_details",
    "send",
    "settlements",
    "tax_system_code",
    "timezone",
}
ITEM_FIELDS = {
    "description",
    "quantity",
    "amount",
    "vat_code",
    "payment_subject",
    "payment_mode",
}
SUBJECTS = {"commodity", "job", "service", "payment", "another"}
MODES = {
    "full_prepayment",
    "partial_prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
}
SBP_MAXIMUM = Decimal(700_000)
PAGE = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">
<title>Оплата</title></head><body><h1>{description}</h1>
<p id="sum">{value} {currency}</p><form method="post">
<button id="pay" formaction="{path}/pay">Оплатить</button>
<button id="decline" formaction="{path}/decline">Отказаться</button></form>
</body></html>"""


class ApiError(Exception):
    def __init__(self, status, code, description, parameter=None):
        super().__init__(description)
        self.status = status
        self.body = {
            "type": "error",
            "id": str(uuid.uuid4()),
            "code": code,
            "description": description,
            **({"parameter": parameter} if parameter else {}),
        }


class FakeYooKassa(ThreadingHTTPServer):
    """One shop, or several: ``shops`` holds the key of each.

    ``faults`` holds what befalls the next calls of the API, one each: ``hang`` (nothing
    done, no answer), ``late`` (done, no answer), ``cut`` (done, connection closed), a
    status (nothing done) or ``garbage`` (done, answer unreadable). ``webhook`` is where
    notices go by themselves.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.shops = {SHOP: SECRET}
        self.test = True
        self.faults = []
        self.requests = []
        self.webhook = None
        self.payments, self.refunds, self.receipts = {}, {}, {}
        self.keys = {}
        self.released = threading.Event()
        self.lock = threading.RLock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def root(self):
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def url(self):
        return f"{self.root}/v3"

    def close(self):
        self.released.set()
        self.shutdown()
        self.server_close()

    # === WHAT PEOPLE AND BANKS DO === #

    def pay(self, payment_id, notify=True):
        """The payer pays on the bank's page."""
        with self.lock:
            payment = self.payments[payment_id]
            if payment["status"] != "pending":
                return payment
            payment["paid"] = True
            if payment.pop("_capture"):
                self._succeed(payment)
            else:
                payment["status"] = "waiting_for_capture"
                payment["expires_at"] = now(timedelta(days=7))
        if notify:
            self.notify(f"payment.{payment['status']}", payment)
        return payment

    def cancel(self, payment_id, reason="expired_on_confirmation", party="yoo_money"):
        """The payer declines, or the time is over."""
        with self.lock:
            payment = self.payments[payment_id]
            payment.update(
                status="canceled",
                paid=False,
                cancellation_details={"party": party, "reason": reason},
            )
        self.notify("payment.canceled", payment)

    def refund_by_hand(self, payment_id, value):
        """Somebody refunds in the cabinet."""
        with self.lock:
            body = {
                "payment_id": payment_id,
                "amount": {"value": value, "currency": "RUB"},
            }
            refund = self._create_refund(self.payments[payment_id]["_shop"], body)
        self.notify("refund.succeeded", refund)
        return refund

    def notify(self, event, found):
        if self.webhook:
            self.send_notice(self.webhook, event, found)

    def send_notice(self, url, event, found):
        """Post one notice; the status of the answer."""
        notice = {"type": "notification", "event": event, "object": public(found)}
        answer = requests.post(
            url,
            json=notice,
            # A worker would wait two seconds for the next request.
            headers={"Connection": "close"},
            timeout=60,
        )
        return answer.status_code

    def refunds_of(self, transaction):
        """Refunds of one payment that the shop has made."""
        number = transaction.provider_reference
        return [one for one in self.refunds.values() if one["payment_id"] == number]

    # === THE API === #

    def call(self, method, path, query, headers, body):
        """Status and answer of one call."""
        shop = self._authenticate(headers)
        if method == "GET":
            return 200, self._get(shop, path, query)
        key = headers.get("Idempotence-Key")
        if not key or len(key) > 64:
            raise ApiError(
                400, "invalid_request", "Idempotence key is missing", "Idempotence-Key"
            )
        fingerprint = (path, json.dumps(body, sort_keys=True))
        with self.lock:
            if (shop, key) in self.keys:
                known, answer = self.keys[shop, key]
                if known != fingerprint:
                    raise ApiError(
                        400,
                        "invalid_request",
                        "Idempotence key duplicated",
                        "Idempotence-Key",
                    )
                return 200, answer
            # The first answer is given again, even if the object has moved on.
            answer = copy.deepcopy(public(self._post(shop, path, body)))
            self.keys[shop, key] = (fingerprint, answer)
            return 200, answer

    def forget_keys(self):
        """A day has gone by."""
        self.keys.clear()

    def _authenticate(self, headers):
        scheme, _, value = (headers.get("Authorization") or "").partition(" ")
        shop, _, secret = base64.b64decode(value or b"").decode().partition(":")
        if scheme != "Basic" or not secret or self.shops.get(shop) != secret:
            raise ApiError(401, "invalid_credentials", "Wrong shop or key")
        return shop

    def _get(self, shop, path, query):
        kind, _, ident = path.partition("/")
        if path == "me":
            return {
                "account_id": shop,
                "status": "enabled",
                "test": self.test,
                "fiscalization": {"enabled": True, "provider": "yookassa"},
                "payment_methods": ["bank_card", "sbp"],
            }
        store = {
            "payments": self.payments,
            "refunds": self.refunds,
            "receipts": self.receipts,
        }.get(kind)
        if store is None:
            raise ApiError(404, "not_found", "No such method")
        if ident:
            return self._find(store, shop, ident)
        wanted = {key: values[0] for key, values in query.items()}
        items = [
            one
            for one in store.values()
            if one["_shop"] == shop
            and all(one.get(key) == value for key, value in wanted.items())
        ]
        return {"type": "list", "items": items}

    def _find(self, store, shop, ident):
        found = store.get(ident)
        if not found or found["_shop"] != shop:
            raise ApiError(404, "not_found", "Object doesn't exist")
        return found

    def _post(self, shop, path, body):
        parts = path.split("/")
        if path == "payments":
            return self._create_payment(shop, body)
        if path == "refunds":
            return self._create_refund(shop, body)
        if path == "receipts":
            return self._create_receipt(shop, body)
        if len(parts) == 3 and parts[0] == "payments":
            payment = self._find(self.payments, shop, parts[1])
            if parts[2] == "capture":
                return self._capture(payment, body)
            if parts[2] == "cancel":
                return self._release(payment)
        raise ApiError(404, "not_found", "No such method")

    def _create_payment(self, shop, body):
        check_fields(body, PAYMENT_FIELDS)
        value = check_amount(body.get("amount"), "amount")
        if len(body.get("description") or "") > 128:
            raise bad("description")
        if len(body.get("metadata") or {}) > 16:
            raise bad("metadata")
        method = (body.get("payment_method_data") or {}).get("type", "bank_card")
        if method not in ("bank_card", "sbp"):
            raise bad("payment_method_data.type")
        capture = body.get("capture", False)
        if method == "sbp" and (not capture or value > SBP_MAXIMUM):
            raise bad("capture")
        confirmation = body.get("confirmation") or {}
        if confirmation.get("type") != "redirect":
            raise bad("confirmation.type")
        if not confirmation.get("return_url", "").startswith("http"):
            raise bad("confirmation.return_url")
        check_receipt(body.get("receipt"), value)
        ident = str(uuid.uuid4())
        payment = {
            "id": ident,
            "status": "pending",
            "paid": False,
            "amount": body["amount"],
            "confirmation": {
                "type": "redirect",
                "confirmation_url": f"{self.root}/checkout/{ident}",
                "return_url": confirmation["return_url"],
            },
            "created_at": now(),
            "description": body.get("description"),
            "metadata": body.get("metadata") or {},
            "payment_method": {"type": method, "id": ident, "saved": False},
            "recipient": {"account_id": shop, "gateway_id": "1"},
            "refundable": False,
            "test": self.test,
            "_capture": capture,
            "_shop": shop,
            "_receipt": body.get("receipt"),
        }
        self.payments[ident] = payment
        return payment

    def _capture(self, payment, body):
        check_fields(body, {"amount", "receipt"})
        if payment["status"] != "waiting_for_capture":
            raise bad("status")
        if body.get("amount"):
            value = check_amount(body["amount"], "amount")
            if value > Decimal(payment["amount"]["value"]):
                raise bad("amount")
            payment["amount"] = body["amount"]
        self._succeed(payment)
        return payment

    def _succeed(self, payment):
        payment.update(
            status="succeeded",
            refundable=True,
            captured_at=now(),
            income_amount=payment["amount"],
            refunded_amount={"value": "0.00", "currency": "RUB"},
        )
        if payment["_receipt"]:
            payment["receipt_registration"] = "pending"

    def _release(self, payment):
        if payment["status"] != "waiting_for_capture":
            raise bad("status")
        payment.update(
            status="canceled",
            paid=False,
            cancellation_details={
                "party": "merchant",
                "reason": "canceled_by_merchant",
            },
        )
        return payment

    def _create_refund(self, shop, body):
        check_fields(body, REFUND_FIELDS)
        payment = self._find(self.payments, shop, body.get("payment_id"))
        value = check_amount(body.get("amount"), "amount")
        if payment["status"] != "succeeded":
            raise bad("payment_id")
        refunded = Decimal(payment["refunded_amount"]["value"])
        if refunded + value > Decimal(payment["amount"]["value"]):
            raise bad("amount")
        check_receipt(body.get("receipt"), value)
        payment["refunded_amount"] = {
            "value": f"{refunded + value:.2f}",
            "currency": "RUB",
        }
        refund = {
            "id": str(uuid.uuid4()),
            "payment_id": payment["id"],
            "status": "succeeded",
            "amount": body["amount"],
            "created_at": now(),
            "metadata": body.get("metadata") or {},
            "_shop": shop,
            "_receipt": body.get("receipt"),
        }
        self.refunds[refund["id"]] = refund
        return refund

    def _create_receipt(self, shop, body):
        check_fields(body, RECEIPT_FIELDS)
        if body.get("type") not in ("payment", "refund") or not body.get("send"):
            raise bad("type")
        payment = self._find(self.payments, shop, body.get("payment_id"))
        total = Decimal(0)
        for settlement in body.get("settlements") or ():
            if settlement.get("type") not in ("prepayment", "postpayment", "cashless"):
                raise bad("settlements.type")
            total += check_amount(settlement.get("amount"), "settlements.amount")
        if not total:
            raise bad("settlements")
        check_receipt({"customer": body.get("customer"), "items": body["items"]}, total)
        receipt = {
            "id": f"rt-{uuid.uuid4()}",
            "type": body["type"],
            "payment_id": payment["id"],
            "status": "pending",
            "items": body["items"],
            "settlements": body["settlements"],
            "_shop": shop,
        }
        self.receipts[receipt["id"]] = receipt
        return receipt

    def register(self, receipt_id=None, payment_id=None, status="succeeded"):
        """The fiscal register has printed, or not, what waits."""
        if payment_id:
            self.payments[payment_id]["receipt_registration"] = status
            return
        self.receipts[receipt_id].update(
            status=status,
            fiscal_document_number="3997",
            fiscal_storage_number="9288000100115786",
            fiscal_attribute="2617603922",
            registered_at=now(),
        )


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer("GET")

    def do_POST(self):
        self.answer("POST")

    def answer(self, method):
        size = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(size).decode()
        url = urlsplit(self.path)
        if url.path.startswith("/checkout/"):
            return self.checkout(method, url.path)
        return self.api(method, url, text)

    def api(self, method, url, text):
        server = self.server
        path = url.path.removeprefix("/v3/")
        body = json.loads(text or "null") or {}
        with server.lock:
            server.requests.append((method, path, body))
            fault = server.faults.pop(0) if server.faults else None
        if fault == "hang":
            return server.released.wait(30)
        if isinstance(fault, int):
            return self.reply(fault, error_of(fault))
        try:
            status, answer = server.call(
                method, path, parse_qs(url.query), self.headers, body
            )
        except ApiError as error:
            status, answer = error.status, error.body
        if fault == "late":
            return server.released.wait(30)
        if fault == "cut":
            return self.connection.close()
        return self.reply(status, "<html>" if fault == "garbage" else public(answer))

    def checkout(self, method, path):
        """The bank's page, where the payer confirms or declines."""
        _root, _checkout, ident, *action = path.split("/")
        payment = self.server.payments.get(ident)
        if not payment:
            return self.reply(404, "")
        if method == "GET":
            page = PAGE.format(
                path=path, description=payment["description"], **payment["amount"]
            )
            return self.reply(200, page, "text/html; charset=utf-8")
        if action == ["pay"]:
            self.server.pay(ident)
        else:
            self.server.cancel(ident)
        self.send_response(303)
        self.send_header("Location", payment["confirmation"]["return_url"])
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def reply(self, status, answer, kind="application/json"):
        text = answer if isinstance(answer, str) else json.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args):
        """Nothing on the console."""


def now(later=timedelta()):
    moment = datetime.now(timezone.utc) + later
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def public(found):
    """Without what only the fake knows."""
    if "items" in found and found.get("type") == "list":
        return {**found, "items": [public(one) for one in found["items"]]}
    return {key: value for key, value in found.items() if not key.startswith("_")}


def bad(parameter):
    return ApiError(400, "invalid_request", f"Invalid {parameter}", parameter)


def error_of(status):
    if status == 202:
        return {"type": "processing", "retry_after": 1800}
    code = {429: "too_many_requests", 500: "internal_server_error"}.get(
        status, "invalid_request"
    )
    return ApiError(status, code, "").body


def check_fields(body, known):
    if unknown := body.keys() - known:
        raise bad(min(unknown))


def check_amount(amount, parameter):
    amount = amount or {}
    check_fields(amount, {"value", "currency"})
    if amount.get("currency") != "RUB":
        raise bad(f"{parameter}.currency")
    if not MONEY.fullmatch(str(amount.get("value"))) or Decimal(amount["value"]) <= 0:
        raise bad(f"{parameter}.value")
    return Decimal(amount["value"])


def check_receipt(receipt, total):
    """A receipt's items add up to what is paid."""
    if receipt is None:
        return
    check_fields(receipt, {"customer", "items", "tax_system_code"})
    customer = receipt.get("customer") or {}
    check_fields(customer, {"email", "phone", "full_name", "inn"})
    if not customer.get("email") and not customer.get("phone"):
        raise bad("receipt.customer")
    items = receipt.get("items") or []
    if not 1 <= len(items) <= 80:
        raise bad("receipt.items")
    summed = Decimal(0)
    for item in items:
        check_fields(item, ITEM_FIELDS)
        if not 0 < len(item["description"]) <= 128:
            raise bad("receipt.items.description")
        if item["vat_code"] not in range(1, 13):
            raise bad("receipt.items.vat_code")
        if item["payment_subject"] not in SUBJECTS or item["payment_mode"] not in MODES:
            raise bad("receipt.items.payment_subject")
        price = check_amount(item["amount"], "receipt.items.amount")
        summed += (price * Decimal(str(item["quantity"]))).quantize(Decimal("0.01"))
    if summed != total:
        raise bad("receipt.items.amount")
