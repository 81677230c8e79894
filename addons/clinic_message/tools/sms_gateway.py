"""Gateways of short messages: one call for one message, with its key.

A gateway works in a thread beside others. It is made from an account, keeps plain
values only, and touches neither records nor the cursor afterwards.
"""

import logging
from datetime import datetime
from typing import Any, Literal, NamedTuple

from odoo.addons.clinic_base.tools import outgoing
from odoo.addons.sms.tools.sms_api import SmsApiBase

_logger = logging.getLogger(__name__)

# The provider turned the request away before it looked at the message.
TURNED_AWAY = {401, 402, 403, 404, 429}


class Letter(NamedTuple):
    """One message as a gateway sees it."""

    id: int  # positive, never used twice
    key: str
    number: str  # E.164
    text: str
    ref: str = ""  # the gateway's own, once it has told it
    sent_after: str = ""  # UTC, ISO 8601; when it was handed over


class Outcome(NamedTuple):
    """What became of a message; ``error`` is a code, never a provider's text.

    * sent, delivered: the provider has it, the telephone has it;
    * refused: this message will never go out, by no gateway;
    * unreached: it surely did not go out, another gateway may try;
    * uncertain: nobody knows, the provider has to be asked;
    * unknown: asked for, and the provider has never had it.
    """

    state: Literal["sent", "delivered", "refused", "unreached", "uncertain", "unknown"]
    ref: str = ""
    error: str = ""
    cost: float = 0.0


class Reply(NamedTuple):
    """A message that somebody has sent to the clinic's number."""

    ref: str  # the provider's own number of it, never used twice
    number: str  # of whom it is from, international; not always a telephone
    text: str


class UnreachedError(Exception):
    """The provider has surely not taken the message."""


class UncertainError(Exception):
    """Nobody knows whether the provider has taken the message."""


class SmsGateway(SmsApiBase):
    """A provider that is called over HTTP.

    A provider fills in ``_send``, ``_ask`` and ``_get_balance``, and ``_read_replies``
    if it takes messages of patients; they may raise whatever :meth:`_fetch` raises.
    """

    BASE_URL = ""
    takes_replies = False
    # Seconds for a call, where less than usual is wanted.
    timeout: float | None = None

    def __init__(self, env, account=None):
        super().__init__(env, account=account)
        self.url = (account.url or self.BASE_URL).rstrip("/")
        self.login = account.login or ""
        self.secret = account.secret or ""
        self.sender = account.sender or ""

    # === WHAT THE OUTBOX CALLS === #

    def send(self, letter: Letter) -> Outcome:
        """Hand ``letter`` over, once; never raises."""
        return self._guard(self._send, letter)

    def ask(self, letter: Letter) -> Outcome:
        """What became of ``letter``; *uncertain* if that cannot be told now."""
        outcome = self._guard(self._ask, letter)
        if outcome.state == "unreached":
            return outcome._replace(state="uncertain")
        return outcome

    def get_balance(self) -> float | None:
        """Money left, in the currency of the account; None if it cannot be told."""
        try:
            return self._get_balance()
        except Exception as error:
            _logger.warning("Balance of a gateway: %s", type(error).__name__)
            return None

    def get_reported_refs(self, report: Any) -> list[str]:
        """References in a delivery report, a dict or a list as it was posted.

        A report is only a reason to ask: what it says is not believed.
        """
        reports = report if isinstance(report, list) else [report]
        found = (self._get_reported_ref(one) for one in reports if type(one) is dict)
        return [str(ref) for ref in found if ref]

    def read_replies(self, since: datetime) -> list[Reply] | None:
        """What patients have sent since then (UTC); None if it cannot be told now.

        More than was asked for may come, and the same again with every call.
        """
        try:
            return self._read_replies(since)
        except Exception as error:
            _logger.warning("Replies of patients: %s", type(error).__name__)
            return None

    def has_reply(self, report: Any) -> bool:
        """Whether a notice, as it was posted, speaks of a message from a patient.

        As with delivery reports, the notice is only a reason to ask the provider.
        """
        reports = report if isinstance(report, list) else [report]
        return any(type(one) is dict and self._is_reply(one) for one in reports)

    # === WHAT A PROVIDER FILLS IN === #

    def _send(self, letter: Letter) -> Outcome:
        raise NotImplementedError

    def _ask(self, letter: Letter) -> Outcome:
        raise NotImplementedError

    def _get_balance(self) -> float | None:
        raise NotImplementedError

    def _get_reported_ref(self, report: dict) -> Any:
        return report.get("id")

    def _read_replies(self, since: datetime) -> list[Reply]:
        raise NotImplementedError

    def _is_reply(self, _report: dict) -> bool:
        return False

    # === HTTP === #

    def _guard(self, call, letter):
        try:
            return call(letter)
        except UnreachedError as error:
            return Outcome("unreached", error=str(error))
        except UncertainError as error:
            return Outcome("uncertain", error=str(error))
        except Exception as error:
            # An answer in a form that nobody has foreseen.
            _logger.warning("Message %s: %s", letter.id, type(error).__name__)
            return Outcome("uncertain", error=type(error).__name__)

    def _request(self, method: str, path: str, **options) -> dict:
        """As :meth:`_fetch`, where the provider answers with an object."""
        answer = self._fetch(method, path, **options)
        if not isinstance(answer, dict):
            raise UncertainError("garbage")
        return answer

    def _fetch(self, method: str, path: str, **options) -> Any:
        """Answer of the provider, read from JSON.

        A fresh connection each time: of one that was kept open nobody could say
        whether the request has left before it broke.

        :raises UnreachedError: no connection, an address that may not be called,
            sent elsewhere, or turned away at the door
        :raises UncertainError: no answer, or one that cannot be read
        """
        try:
            url = outgoing.check_url(self.url)
        except ValueError as error:
            raise UnreachedError("address") from error
        try:
            answer = outgoing.call(
                method, f"{url}/{path}", within=self.timeout, **options
            )
        except outgoing.NotReachedError as error:
            raise UnreachedError(str(error)) from error
        except outgoing.UnansweredError as error:
            raise UncertainError(str(error)) from error
        if answer.status in TURNED_AWAY or 300 <= answer.status < 400:
            raise UnreachedError(f"http {answer.status}")
        if answer.status >= 500:
            raise UncertainError(f"http {answer.status}")
        try:
            return answer.read_json()
        except ValueError as error:
            raise UncertainError("garbage") from error
