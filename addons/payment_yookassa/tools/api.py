"""YooKassa's API v3 over HTTP: https://yookassa.ru/developers/api

A thin client that knows two failures: the provider has refused, or nobody knows what
it has done. Bodies and answers are never logged: they hold e-mail addresses and
telephones.
"""

import ipaddress
import logging
from typing import Any

from odoo.addons.clinic_base.tools import outgoing

_logger = logging.getLogger(__name__)

BASE_URL = "https://api.yookassa.ru/v3"
# https://yookassa.ru/developers/using-api/webhooks#ip
NETWORKS = (
    "77.75.153.0/25",
    "77.75.154.128/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "185.71.76.0/27",
    "185.71.77.0/27",
    "2a02:5180::/32",
)


class RefusedError(Exception):
    """The provider has surely not done it; ``code`` and ``parameter`` are its own."""

    def __init__(self, status: int, code: str = "", parameter: str = ""):
        super().__init__(f"http {status} {code} {parameter}".strip())
        self.status, self.code, self.parameter = status, code, parameter


class UncertainError(Exception):
    """Nobody knows whether the provider has done it: ask again with the same key."""


class YooKassa:
    """Calls on behalf of one shop."""

    # Seconds for a call, where less than usual is wanted.
    timeout: float | None = None

    def __init__(self, shop_id: str, secret_key: str, url: str = BASE_URL):
        self.shop_id = shop_id
        self._auth = (shop_id, secret_key)
        self._url = outgoing.check_url(url)

    def get(self, path: str, **params: str) -> dict[str, Any]:
        """
        :raises RefusedError: 404 where this shop has no such object
        :raises UncertainError: no answer, or one that cannot be read
        """
        return self._request("GET", path, params=params)

    def post(self, path: str, body: dict[str, Any] | None, key: str) -> dict[str, Any]:
        """Do something once: the same ``key`` and body give the same object for 24 h.

        :raises RefusedError: not done; another try with another body needs another key
        :raises UncertainError: perhaps done
        """
        headers = {"Idempotence-Key": key}
        return self._request("POST", path, json=body or {}, headers=headers)

    def _request(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            response = outgoing.call(
                method,
                f"{self._url}/{path}",
                auth=self._auth,
                within=self.timeout,
                **options,
            )
        except outgoing.CallError as error:
            _logger.info("%s %s: %s", method, path, error)
            raise UncertainError(str(error)) from None
        status = response.status
        _logger.info("%s %s: %s", method, path, status)
        answer = _read(response)
        if status == 200 and answer:
            return answer
        # 202: still at work; 429: too many; 5xx: the outcome is unknown.
        if 400 <= status < 500 and status not in (408, 429):
            raise RefusedError(
                status, str(answer.get("code", "")), str(answer.get("parameter", ""))
            )
        raise UncertainError(f"http {status}")


def _read(response: outgoing.Answer) -> dict[str, Any]:
    """The object in the answer; empty if there is none."""
    try:
        answer = response.read_json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def is_known_address(address: str, networks: str = "") -> bool:
    """Whether a notice from ``address`` may be YooKassa's.

    :param networks: comma-separated, instead of those that YooKassa publishes
    """
    allowed = networks.split(",") if networks else NETWORKS
    try:
        ip = ipaddress.ip_address(address)
        return any(ip in ipaddress.ip_network(one.strip()) for one in allowed)
    except ValueError:
        return False
