"""MTS Exolve over HTTP.

It takes no number of ours, so what was never heard of is looked for in its list by
telephone, text and time, as with other such gateways. The secret is the key of the
application; numbers of messages have 64 bits and stay texts.
"""

from datetime import datetime, timedelta

from odoo.addons.clinic_message.tools.sms_gateway import (
    Letter,
    Outcome,
    Reply,
    SmsGateway,
    UncertainError,
    UnreachedError,
)

DELIVERED = {"DELIVERED"}
LOST = {"UNDELIVERED", "UNDELIVERABLE", "REJECTED", "EXPIRED", "DELETED", "FAILED"}
# By which the two clocks may differ.
SKEW = timedelta(minutes=2)
# In questions; answers name it, too.
INCOMING = 1
INCOMING_NAMES = {"1", "DIRECTION_INCOMING"}
# The most rows that the provider gives at once.
LIMIT = 2000
# However many there are: more than that are no answers of patients.
PAGES = 50


class Exolve(SmsGateway):
    BASE_URL = "https://api.exolve.ru"
    takes_replies = True

    def _send(self, letter: Letter) -> Outcome:
        answer = self._post(
            "messaging/v1/SendSMS",
            number=self.sender,
            destination=_digits(letter.number),
            text=letter.text,
        )
        if ref := answer.get("message_id"):
            return Outcome("sent", ref=str(ref))
        if not (fault := answer.get("error")):
            raise UncertainError("garbage")
        # Refused with a reason: of the destination and the text no other gateway would
        # think better.
        text = str(fault).lower()
        if "destination" in text or "text" in text:
            return Outcome("refused", error="exolve destination or text")
        raise UnreachedError("exolve")

    def _ask(self, letter: Letter) -> Outcome:
        if letter.ref:
            rows = self._list(message_id=letter.ref)
            found = [row for row in rows if str(row["message_id"]) == letter.ref]
            if not found:
                raise UncertainError("exolve")
        else:
            found = self._find(letter)
        return self._read(found[0]) if found else Outcome("unknown")

    def _read(self, row: dict) -> Outcome:
        """A status that is not known by name counts as under way."""
        ref = str(row["message_id"])
        status = str(row.get("delivery_status") or row.get("status") or "").upper()
        status = status.removeprefix("DELIVERY_STATUS_")
        if status in DELIVERED:
            return Outcome("delivered", ref=ref)
        if status in LOST:
            return Outcome("refused", ref=ref, error=f"exolve {status.lower()}")
        return Outcome("sent", ref=ref)

    def _find(self, letter: Letter) -> list[dict]:
        since = datetime.fromisoformat(letter.sent_after)
        rows = self._list(
            date_gte=_moment(since - SKEW), receiver=_digits(letter.number)
        )
        if len(rows) >= LIMIT:
            raise UncertainError("exolve list")
        number = _digits(letter.number)
        return [
            row
            for row in rows
            if _digits(str(row["receiver"])) == number and row["text"] == letter.text
        ]

    def _list(self, **wish) -> list[dict]:
        answer = self._post("messaging/v1/GetList", limit=LIMIT, **wish)
        if not isinstance(answer.get("messages", []), list) or answer.get("error"):
            raise UncertainError("exolve")
        return answer.get("messages", [])

    def _get_balance(self) -> float:
        return float(self._post("finance/v1/GetBalance")["balance"])

    def _get_reported_ref(self, report: dict) -> object:
        return report.get("message_id")

    def _read_replies(self, since: datetime) -> list[Reply]:
        """Messages to the numbers of the application."""
        rows = []
        for _page in range(PAGES):
            page = self._list(
                date_gte=_moment(since), direction=INCOMING, offset=len(rows)
            )
            rows += page
            if len(page) < LIMIT:
                break
        return [
            Reply(str(row["message_id"]), f"+{row['sender']}", str(row["text"]))
            for row in rows
            if str(row.get("direction")) in INCOMING_NAMES
        ]

    def _is_reply(self, report: dict) -> bool:
        names = (report.get("event_id"), report.get("direction"))
        return any(str(name) in INCOMING_NAMES for name in names)

    def _post(self, path: str, **values) -> dict:
        rights = {"Authorization": f"Bearer {self.secret}"}
        return self._request("POST", path, json=values, headers=rights)


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))


def _moment(moment: datetime) -> str:
    """A moment in UTC as the provider writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
