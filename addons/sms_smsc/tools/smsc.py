"""SMSC.ru over HTTP, as its site describes the interface.

The message's own number is the provider's id too, so that whatever became of a call
can be asked for. Everything is posted: credentials are in no address.
"""

from datetime import datetime, timezone
from math import ceil

from odoo.addons.clinic_message.tools.sms_gateway import (
    Letter,
    Outcome,
    Reply,
    SmsGateway,
    UncertainError,
    UnreachedError,
)

# Codes of send.php after which another gateway may try: login, money, address of ours.
UNREACHED = {2, 3, 4}
# Parameters, date, text or sender, number, undeliverable. A 9 is left out: it may say
# that the message is there already, or that there were too many requests.
REFUSED = {1, 5, 6, 7, 8}
UNKNOWN = -3
UNDER_WAY = {-1, 0}
DELIVERED = {1, 2, 4}
# Stopped, expired, impossible, bad number, forbidden, no money, unreachable.
LOST = {-2, 3, 20, 22, 23, 24, 25}
# Code of get.php where there are no messages.
NO_MESSAGES = 3
# Hours: the provider looks back no further.
LOOK_BACK = 168


class Smsc(SmsGateway):
    BASE_URL = "https://smsc.ru/sys"
    takes_replies = True

    def _send(self, letter: Letter) -> Outcome:
        answer = self._post(
            "send.php",
            phones=letter.number,
            mes=letter.text,
            id=letter.id,
            sender=self.sender,
            charset="utf-8",
            cost=2,
        )
        if "error_code" in answer:
            code = int(answer["error_code"])
            if code in UNREACHED:
                raise UnreachedError(f"smsc {code}")
            if code in REFUSED:
                return Outcome("refused", error=f"smsc {code}")
            raise UncertainError(f"smsc {code}")
        if int(answer["id"]) != letter.id:
            raise UncertainError("garbage")
        return Outcome("sent", ref=str(letter.id), cost=float(answer.get("cost", 0)))

    def _ask(self, letter: Letter) -> Outcome:
        answer = self._post("status.php", phone=letter.number, id=letter.id)
        if "error_code" in answer:
            raise UncertainError(f"smsc {int(answer['error_code'])}")
        status = int(answer["status"])
        ref = str(letter.id)
        if status == UNKNOWN:
            return Outcome("unknown")
        if status in UNDER_WAY:
            return Outcome("sent", ref=ref)
        if status in DELIVERED:
            return Outcome("delivered", ref=ref)
        if status in LOST:
            return Outcome("refused", ref=ref, error=f"smsc status {status}")
        raise UncertainError(f"smsc status {status}")

    def _get_balance(self) -> float:
        return float(self._post("balance.php")["balance"])

    def _read_replies(self, since: datetime) -> list[Reply]:
        """Messages to the rented number; hours are counted back from now."""
        passed = datetime.now(timezone.utc) - since.replace(tzinfo=timezone.utc)
        hours = min(max(ceil(passed.total_seconds() / 3600), 1), LOOK_BACK)
        data = self._prepare({"get_answers": 1, "hour": hours})
        answer = self._fetch("POST", "get.php", data=data)
        if isinstance(answer, dict):
            if answer.get("error_code") == NO_MESSAGES:
                return []
            raise UncertainError("smsc answers")
        return [
            Reply(str(row["id"]), f"+{row['phone']}", str(row["message"]))
            for row in answer
        ]

    def _is_reply(self, report: dict) -> bool:
        # A delivery report has a status, a message a text.
        return "mes" in report

    def _post(self, path: str, **values) -> dict:
        return self._request("POST", path, data=self._prepare(values))

    def _prepare(self, values: dict) -> dict:
        """Asks for JSON; a login with its password, or a key alone."""
        if self.login:
            rights = {"login": self.login, "psw": self.secret}
        else:
            rights = {"apikey": self.secret}
        return {**rights, **values, "fmt": 3}
