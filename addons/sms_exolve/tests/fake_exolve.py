"""MTS Exolve as its documentation describes it; unknown fields are refused."""

from datetime import datetime, timezone

from odoo.addons.clinic_message.tests.gateways.gateway import FakeGateway

RIGHTS = "Bearer open sesame"
FORMAT = "%Y-%m-%dT%H:%M:%S.000Z"
FIRST = 475_248_000_000_000_001  # numbers do not fit into a float
LIST_KEYS = {
    *("message_id", "limit", "offset", "date_gte", "date_lte", "receiver", "direction")
}
DIRECTIONS = {1: "DIRECTION_INCOMING", 2: "DIRECTION_OUTGOING"}


class FakeExolve(FakeGateway):
    balance = 90.0
    posts = "json"

    def __init__(self, latency=0.0):
        self.rows = {}
        super().__init__(latency)

    def deliver(self, ref):
        self.rows[ref]["delivery_status"] = "DELIVERY_STATUS_DELIVERED"

    def lose(self, ref):
        self.rows[ref]["delivery_status"] = "DELIVERY_STATUS_UNDELIVERED"

    def receive(self, number, text):
        ref = str(FIRST + len(self.rows))
        row = {
            "message_id": ref,
            "sender": number.lstrip("+"),
            "receiver": "79030000000",
            "text": text,
            "direction": DIRECTIONS[1],
            "date": datetime.now(timezone.utc).strftime(FORMAT),
        }
        self.rows[ref] = row
        self.replies.append(ref)
        return {"event_id": DIRECTIONS[1], **row}

    def forget_replies(self):
        for ref in self.replies:
            del self.rows[ref]

    def is_send(self, path):
        return path == "/messaging/v1/SendSMS"

    def answer_send(self, values, headers):
        if headers.get("Authorization") != RIGHTS:
            return 401, self.refuse("Unauthorized")
        if values.keys() != {"number", "destination", "text"}:
            return 400, self.refuse("unknown field")
        if not self.balance:
            return 402, self.refuse("Insufficient funds")
        if values["destination"].startswith("7000"):
            return 400, self.refuse("destination is invalid")
        ref = str(FIRST + len(self.rows))
        self.rows[ref] = {
            "message_id": ref,
            "sender": values["number"],
            "receiver": values["destination"],
            "text": values["text"],
            "direction": "DIRECTION_OUTGOING",
            "delivery_status": "DELIVERY_STATUS_QUEUED",
            "date": datetime.now(timezone.utc).strftime(FORMAT),
        }
        self.take(ref, values["destination"], values["text"])
        return 200, {"message_id": ref}

    def answer_other(self, path, values, headers):
        if headers.get("Authorization") != RIGHTS:
            return 401, self.refuse("Unauthorized")
        if path == "/finance/v1/GetBalance":
            return 200, {"balance": f"{self.balance:.2f}", "credit_limit": "0"}
        if values.keys() - LIST_KEYS:
            return 400, self.refuse("unknown field")
        found = [
            row
            for row in self.rows.values()
            if row["date"] >= values.get("date_gte", "")
            and values.get("receiver") in (None, row["receiver"])
            and values.get("message_id") in (None, row["message_id"])
            and DIRECTIONS.get(values.get("direction")) in (None, row["direction"])
        ]
        shown = found[values.get("offset", 0) :][: values["limit"]]
        return 200, {"messages": shown} if shown else {}

    def refuse(self, message):
        return {"error": {"code": "3", "message": message}}
