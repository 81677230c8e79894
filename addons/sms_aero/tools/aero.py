"""SMS Aero, version 2 of its HTTP interface.

It takes no number of ours, so what was never heard of is looked for in its list by
telephone, text and time. The same text to the same telephone within minutes counts as
one message: the patient has it either way. Login is the e-mail, the secret its key.
"""

from collections.abc import Iterator
from datetime import datetime, timezone

from odoo.addons.clinic_message.tools.sms_gateway import (
    Letter,
    Outcome,
    SmsGateway,
    UncertainError,
    UnreachedError,
)

# Queue, handed to the operator, waiting, moderation.
UNDER_WAY = {0, 3, 4, 8}
DELIVERED = {1}
# Not delivered, rejected.
LOST = {2, 6}
# Seconds by which the two clocks may differ.
SKEW = 120
PAGES = 5


class SmsAero(SmsGateway):
    BASE_URL = "https://gate.smsaero.ru/v2"

    def _send(self, letter: Letter) -> Outcome:
        answer = self._post(
            "sms/send",
            number=_digits(letter.number),
            text=letter.text,
            sign=self.sender,
        )
        if not answer.get("success"):
            return self._explain(answer)
        data = answer["data"]
        if _digits(str(data["number"])) != _digits(letter.number):
            raise UncertainError("garbage")
        return Outcome("sent", ref=str(data["id"]), cost=float(data.get("cost") or 0))

    def _explain(self, answer: dict) -> Outcome:
        """What was not taken: bad for every gateway, or only for this one."""
        faults = answer.get("data")
        if isinstance(faults, dict) and faults.keys() & {"number", "text"}:
            return Outcome("refused", error="aero validation")
        # Money, a sender that is not approved, a reject by result.
        raise UnreachedError("aero")

    def _ask(self, letter: Letter) -> Outcome:
        if letter.ref:
            answer = self._post("sms/status", id=int(letter.ref))
            if not answer.get("success"):
                raise UncertainError("aero")
            return self._read(answer["data"])
        found = self._find(letter)
        return self._read(found) if found else Outcome("unknown")

    def _read(self, data: dict) -> Outcome:
        ref, status = str(data["id"]), int(data["status"])
        if status in UNDER_WAY:
            return Outcome("sent", ref=ref)
        if status in DELIVERED:
            return Outcome("delivered", ref=ref)
        if status in LOST:
            return Outcome("refused", ref=ref, error=f"aero status {status}")
        raise UncertainError(f"aero status {status}")

    def _find(self, letter: Letter) -> dict | None:
        """The message in the provider's list, newest first; None if it is not there."""
        since = datetime.fromisoformat(letter.sent_after).replace(tzinfo=timezone.utc)
        for row in self._list(letter):
            if int(row["dateCreate"]) < since.timestamp() - SKEW:
                return None
            if row["text"] == letter.text:
                return row
        return None

    def _list(self, letter: Letter) -> Iterator[dict]:
        """:raises UncertainError: the list is too long to be read to its end"""
        number = _digits(letter.number)
        for page in range(1, PAGES + 1):
            answer = self._post(f"sms/list?page={page}", number=number)
            if not answer.get("success"):
                raise UncertainError("aero")
            rows = answer.get("data") or {}
            yield from (rows[key] for key in sorted(filter(str.isdigit, rows), key=int))
            if "next" not in rows.get("links", {}):
                return
        raise UncertainError("aero list")

    def _get_balance(self) -> float:
        return float(self._post("balance")["data"]["balance"])

    def _post(self, path: str, **values) -> dict:
        return self._request("POST", path, json=values, auth=(self.login, self.secret))


def _digits(number: str) -> str:
    return "".join(filter(str.isdigit, number))
