"""Where an attempt to sign in comes from, also over ways that hide their request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from odoo.http import request

_lent: ContextVar[str | None] = ContextVar("clinic_lent_address", default=None)
_counted: ContextVar[bool] = ContextVar("clinic_attempt_counted", default=False)


def get_address() -> str | None:
    """The caller's address; None for the server's own work, jobs and the shell."""
    return request.httprequest.remote_addr if request else _lent.get()


def is_counted() -> bool:
    """Whether the attempt under way has been counted already."""
    return _counted.get()


@contextmanager
def counted() -> Iterator[None]:
    """What is compared inside belongs to one attempt, which has been counted."""
    token = _counted.set(True)
    try:
        yield
    finally:
        _counted.reset(token)


def guard(http: ModuleType) -> None:
    """Remember the caller's address while ``odoo.http`` takes the request away.

    Calls of ``/xmlrpc`` and ``/jsonrpc`` sign in without one.
    """
    borrow = http.borrow_request
    if getattr(borrow, "clinic_guarded", False):
        return

    @contextmanager
    def borrow_with_address() -> Iterator[Any]:
        token = _lent.set(get_address())
        try:
            with borrow() as borrowed:
                yield borrowed
        finally:
            _lent.reset(token)

    borrow_with_address.clinic_guarded = True  # type: ignore[attr-defined]
    http.borrow_request = borrow_with_address
