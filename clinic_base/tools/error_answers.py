"""What a client learns of an error that nobody has foreseen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any
from xmlrpc.client import Fault

from werkzeug.exceptions import HTTPException

from odoo import _
from odoo.exceptions import AccessDenied, RedirectWarning, UserError
from odoo.http import SessionExpiredException
from odoo.tools import config

from .impossible import is_impossible, note_as_warning

MEANT_FOR_USERS = (
    AccessDenied,
    UserError,
    RedirectWarning,
    SessionExpiredException,
    HTTPException,
)


def guard_xml(door: ModuleType) -> None:
    """The same for the answers of XML-RPC, which describes errors by functions of its
    own: what cannot be is a warning, what nobody has foreseen a fault without text."""
    for name, unforeseen in (
        ("xmlrpc_handle_exception_int", 1),
        ("xmlrpc_handle_exception_string", "builtins.Exception"),
    ):
        describe: Callable[[Exception], str] = getattr(door, name)
        if not getattr(describe, "clinic_guarded", False):
            setattr(door, name, _describe_to_xml(describe, door.dumps, unforeseen))


def _describe_to_xml(
    describe: Callable[[Exception], str],
    write: Callable[[Fault], str],
    unforeseen: int | str,
) -> Callable[[Exception], str]:
    @wraps(describe)
    def describe_discreetly(error: Exception) -> str:
        if is_impossible(error):
            note_as_warning(error)
            return describe(UserError(_tell_impossible()))
        if isinstance(error, HTTPException):
            return describe(UserError(error.description or error.name))
        if config["dev_mode"] or isinstance(error, MEANT_FOR_USERS):
            return describe(error)
        return write(Fault(unforeseen, _tell_unforeseen()))

    describe_discreetly.clinic_guarded = True  # type: ignore[attr-defined]
    return describe_discreetly


# There may be no env when a request fails.


def _tell_unforeseen() -> str:
    return _(  # pylint: disable=prefer-env-translation
        "An unexpected error; the server's log tells more."
    )


def _tell_impossible() -> str:
    return _(  # pylint: disable=prefer-env-translation
        "A value is too large, too long or not a text."
    )


def guard(http: ModuleType) -> None:
    """Keep tracebacks, paths and statements out of the answers of ``odoo.http``.

    JSON-2, JSON-RPC, exports and reports describe errors by the same function, which is
    looked up at each call. Errors that are meant for users keep their text. A server in
    development (``dev_mode`` in its configuration) answers as Odoo does.
    """
    describe: Callable[..., dict[str, Any]] = http.serialize_exception
    if getattr(describe, "clinic_guarded", False):
        return

    @wraps(describe)
    def describe_discreetly(exception: Exception, **kwargs: Any) -> dict[str, Any]:
        if is_impossible(exception):
            # Met before a route is reached, as whether its method only reads.
            note_as_warning(exception)
            exception = UserError(_tell_impossible())
        described = describe(exception, **kwargs)
        if config["dev_mode"]:
            return described
        described["debug"] = ""
        if not isinstance(exception, MEANT_FOR_USERS):
            described.update(
                name="builtins.Exception",
                message=_tell_unforeseen(),
                arguments=[],
                context={},
            )
        return described

    describe_discreetly.clinic_guarded = True  # type: ignore[attr-defined]
    http.serialize_exception = describe_discreetly
