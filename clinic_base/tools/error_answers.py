"""What a client learns of an error that nobody has foreseen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from werkzeug.exceptions import HTTPException

from odoo import _
from odoo.exceptions import RedirectWarning, UserError
from odoo.http import SessionExpiredException
from odoo.tools import config

MEANT_FOR_USERS = (
    UserError,
    RedirectWarning,
    SessionExpiredException,
    HTTPException,
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
        described = describe(exception, **kwargs)
        if config["dev_mode"]:
            return described
        described["debug"] = ""
        if not isinstance(exception, MEANT_FOR_USERS):
            # There may be no env when a request fails.
            message = _(  # pylint: disable=prefer-env-translation
                "An unexpected error; the server's log tells more."
            )
            described.update(
                name="builtins.Exception", message=message, arguments=[], context={}
            )
        return described

    describe_discreetly.clinic_guarded = True  # type: ignore[attr-defined]
    http.serialize_exception = describe_discreetly
