"""What a visitor is told while PostgreSQL restarts or takes no more connections."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import wraps
from types import ModuleType

import psycopg2
import psycopg2.pool
from werkzeug.exceptions import ServiceUnavailable

ASK_AGAIN = 5  # seconds
# https://www.postgresql.org/docs/current/errcodes-appendix.html: the connection is
# lost, there is no room for another one, the server stops or is not ready.
LOST_CODES = ("08", "53300", "57P01", "57P02", "57P03")

_logger = logging.getLogger(__name__)


def guard(http: ModuleType) -> None:
    """Have ``odoo.http`` answer 503 when its database is out of reach.

    Odoo takes such a database for gone: it signs the visitor out for good and answers
    404, or 500 if the connection breaks in the middle.
    """
    serve = http.Request._serve_db
    if getattr(serve, "clinic_guarded", False):
        return

    @wraps(serve)
    def serve_or_ask_to_wait(self):  # type: ignore[no-untyped-def]
        try:
            return serve(self)
        except Exception as error:
            if not any(map(is_lost, _chain(error))):
                raise
            _logger.warning("No answer from the database: %s", type(error).__name__)
            unavailable = ServiceUnavailable(retry_after=ASK_AGAIN)
            # What JSON-RPC would answer otherwise has the status 200.
            unavailable.error_response = unavailable  # type: ignore[attr-defined]
            raise unavailable from error

    serve_or_ask_to_wait.clinic_guarded = True  # type: ignore[attr-defined]
    http.Request._serve_db = serve_or_ask_to_wait


def is_lost(error: BaseException) -> bool:
    """Whether ``error`` speaks of the connection, not of what was asked by it."""
    # A server of threads has all its own connections in use.
    if isinstance(error, psycopg2.InterfaceError | psycopg2.pool.PoolError):
        return True
    if not isinstance(error, psycopg2.OperationalError):
        return False
    # Without a code libpq itself has failed.
    return error.pgcode is None or error.pgcode.startswith(LOST_CODES)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and those it was raised from or while handling."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
