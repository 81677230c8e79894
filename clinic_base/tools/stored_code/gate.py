"""The one place through which every text passes before Odoo evaluates it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

from odoo import _
from odoo.exceptions import UserError
from odoo.tools import config

from .module_files import holds_expression
from .plain import is_plain

if TYPE_CHECKING:
    from odoo.api import Environment

_logger = logging.getLogger(__name__)


class StoredCodeError(UserError):
    """Something stored in the database would have run as code."""


def is_switched_on() -> bool:
    """Whether this server's configuration file lets the database hold code."""
    value = config.get("clinic_stored_code")
    return str(value).strip().lower() in ("1", "true", "yes")


def is_closed(env: Environment) -> bool:
    """Whether records may hold no code of their own now.

    While modules are loaded, records come from their files before they are named.
    """
    return env.registry.ready and not is_switched_on()


def check_expression(text: str | bytes) -> None:
    """
    :raises StoredCodeError: unless ``text`` is plain, or a file of an installed module
        holds it, or the server's owner lets the database hold code.
    """
    if isinstance(text, bytes):
        text = text.decode()
    if not is_plain(text) and not is_switched_on() and not holds_expression(text):
        raise refuse(text)


def refuse(piece: str) -> StoredCodeError:
    """The error that names what would have run; it is for whoever wrote it."""
    _logger.warning("Stored code refused: %s", piece[:200])
    return StoredCodeError(
        _(
            "This would run as code, and code comes with the program's modules, not from"
            " the database: %(code)s\nField updates, activities, messages and plain"
            " filters work. Whoever runs the server can allow more"
            " (docs/roles.md tells how).",
            code=piece[:80],
        )
    )


def guard(evaluator: ModuleType) -> None:
    """Let ``odoo.tools.safe_eval`` compile what may run, and nothing else.

    All of Odoo and of the addons import its function by name; what it compiles with is
    looked up at each call.
    """
    compile_plainly: Callable[..., CodeType] = evaluator.compile_codeobj
    if getattr(compile_plainly, "clinic_guarded", False):
        return

    @wraps(compile_plainly)
    def compile_checked(expr: str, /, *args: object, **kwargs: object) -> CodeType:
        check_expression(expr)
        return compile_plainly(expr, *args, **kwargs)

    compile_checked.clinic_guarded = True  # type: ignore[attr-defined]
    evaluator.compile_codeobj = compile_checked
