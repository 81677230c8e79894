"""Calls to other sites: the one place from which the suite speaks to the outside.

Nothing is sent in clear beyond this machine, nothing is sent on to where an answer
points, no answer is read without end, and no call keeps a worker longer than a user
waits: all of that holds for every caller, whatever it asks for. A test finds whoever
calls in another way.
"""

import json
import logging
import re
import threading
import time
from ipaddress import ip_address
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from odoo.http import request

_logger = logging.getLogger(__name__)

# Seconds for a whole call: while somebody waits for a page, and in the background.
IN_REQUEST = 5.0
IN_BACKGROUND = 30.0
CONNECT = 5.0
# Bytes of an answer.
MAXIMUM = 4 * 1024 * 1024
PIECE = 16 * 1024
# The last part is no number: such a host is an address in disguise.
HOST = re.compile(
    r"(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*"
    r"(?![\d.]+$|0x)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$"
)
LOCAL = ("127.0.0.1", "localhost", "::1")


class CallError(Exception):
    """A call without an answer; the text is a word for the log, never the other's."""


class NotReachedError(CallError):
    """The request has surely not arrived."""


class UnansweredError(CallError):
    """Nobody knows whether the request has arrived and been acted upon."""


class Answer(NamedTuple):
    """What the other site has said; ``status`` may also be that of a redirect."""

    status: int
    body: bytes

    def read_json(self) -> Any:
        """:raises ValueError: not JSON, or nested too deep to be an answer"""
        try:
            return json.loads(self.body)
        except RecursionError as error:
            raise ValueError("nested too deep") from error


def check_url(url: str) -> str:
    """``url`` without the slash at its end, if secrets may be sent there.

    :raises ValueError: neither https nor this machine, or an address that programs may
        read in different ways: with a name before the host, letters of other alphabets,
        blanks, a port that cannot be
    """
    parts = urlsplit(url)
    if not url.isprintable() or {" ", "\\"} & set(url) or "@" in parts.netloc:
        raise ValueError("The address must name a host and nothing else")
    if parts.port == 0 or not _is_host(parts.hostname or ""):
        raise ValueError("The address must name a host")
    local = parts.hostname in LOCAL
    if not parts.hostname or not (
        parts.scheme == "https" or (parts.scheme == "http" and local)
    ):
        raise ValueError("The address must begin with https://")
    return url.rstrip("/")


def _is_host(name: str) -> bool:
    """Whether ``name`` is an address or a name of letters, digits and hyphens."""
    try:
        return bool(ip_address(name))
    except ValueError:
        return bool(HOST.match(name))


def call(
    method: str, url: str, *, within: float | None = None, **options: Any
) -> Answer:
    """Ask another site once, over a connection of its own.

    :param within: seconds for the whole call; never more than a user waits where one
        does
    :param options: ``params``, ``data``, ``json``, ``headers``, ``auth`` as of requests
    :raises ValueError: the address is not one that may be called
    :raises NotReachedError: no connection, or a restored database that keeps quiet,
        whose scheduled actions stand still anyway
    :raises UnansweredError: no answer in time, or one without end
    """
    check_url(url)
    if request and request.db and request.env["clinic.quiet"].get_since():
        raise NotReachedError("quiet")
    limit = IN_REQUEST if request else IN_BACKGROUND
    deadline = time.monotonic() + min(within or limit, limit)
    # A name server or an answer that comes byte by byte knows no time-out.
    job = _Call(method, url, deadline, options)
    job.start()
    job.join(max(deadline - time.monotonic(), 0))
    return job.get_answer()


class _Call(threading.Thread):
    def __init__(self, method, url, deadline, options):
        super().__init__(name="outgoing call", daemon=True)
        self._arguments = method, url, deadline, options
        self._answer: Answer | None = None
        self._error: Exception | None = None

    def run(self):
        try:
            self._answer = _fetch(*self._arguments)
        except Exception as error:
            self._error = error

    def get_answer(self) -> Answer:
        if self._error:
            raise self._error
        if self._answer is None:
            raise UnansweredError("timeout")
        return self._answer


def _fetch(method, url, deadline, options):
    left = max(deadline - time.monotonic(), 0.01)
    headers = {"Accept-Encoding": "identity", **options.pop("headers", {})}
    try:
        with (
            requests.Session() as session,
            session.request(
                method,
                url,
                headers=headers,
                timeout=(min(CONNECT, left), left),
                allow_redirects=False,
                stream=True,
                **options,
            ) as response,
        ):
            return Answer(response.status_code, _read(response, deadline))
    except requests.ConnectTimeout as error:
        raise NotReachedError("connect") from error
    except requests.Timeout as error:
        raise UnansweredError("timeout") from error
    except (requests.RequestException, HTTPError, OSError) as error:
        reason = getattr(error.args[0], "reason", None) if error.args else None
        never_left = isinstance(reason, NewConnectionError)
        raise (NotReachedError if never_left else UnansweredError)(
            "connection"
        ) from error


def _read(response, deadline):
    """The body as it was sent: what is packed is not unpacked.

    :raises UnansweredError: longer than an answer is, or too slow
    """
    body = bytearray()
    while piece := response.raw.read(PIECE, decode_content=False):
        body += piece
        if len(body) > MAXIMUM:
            raise UnansweredError("too long")
        if time.monotonic() > deadline:
            raise UnansweredError("timeout")
    return bytes(body)
