"""The one place through which every text passes before Odoo evaluates it."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

import lxml.html

from odoo import _
from odoo.exceptions import UserError
from odoo.tools import config
from odoo.tools.mail import html_sanitize

from .markup import find_code
from .module_files import holds_expression, holds_piece
from .plain import formats_by_name, is_plain

if TYPE_CHECKING:
    from odoo.api import Environment
    from odoo.fields import Field

_logger = logging.getLogger(__name__)

# Looked at before anything is parsed: most texts hold none of it.
MAY_HOLD_CODE = re.compile(
    r"<(script|base|object|embed|applet|form|link|meta|style)|formaction"
    r"|[\s/\"']on\w+\s*=|script:|srcdoc|data:|t-|&",
    re.IGNORECASE,
)


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
    if not may_run(text):
        raise refuse(text)


def may_run(text: str) -> bool:
    """Whether :func:`check_expression` would let ``text`` pass."""
    return is_plain(text) or is_switched_on() or holds_expression(text)


def check_formats(text: str | bytes) -> None:
    """
    :raises StoredCodeError: if ``text`` reads by names in a string, and is no text of a
        module's file
    """
    if isinstance(text, bytes):
        text = text.decode()
    if formats_by_name(text) and not may_run(text):
        raise refuse(text)


def refuse(piece: str) -> StoredCodeError:
    """The error that names what would have run; it is for whoever wrote it."""
    _logger.warning("Stored code refused: %s", piece[:200])
    return StoredCodeError(
        _(  # pylint: disable=prefer-env-translation  # the evaluator knows no env
            "“%(code)s” would run as code, which comes with the program's modules and"
            " not from the database. Field updates, activities, messages and plain"
            " filters work; whoever runs the server can allow more.",
            code=piece[:80],
        )
    )


def guard(evaluator: ModuleType) -> None:
    """Let ``odoo.tools.safe_eval`` compile what may run, and nothing else.

    All of Odoo and of the addons import its functions by name; what these compile with
    is looked up at each call. Whoever imports the compiler itself and has its own list
    of names, as mis_builder for its figures, is only kept from format strings, which
    read what no such list names.
    """
    compile_plainly: Callable[..., CodeType] = evaluator.compile_codeobj
    if getattr(compile_plainly, "clinic_guarded", False):
        return

    @wraps(compile_plainly)
    def compile_checked(expr: str, /, *args: object, **kwargs: object) -> CodeType:
        if sys._getframe(1).f_globals is vars(evaluator):
            check_expression(expr)
        else:
            check_formats(expr)
        return compile_plainly(expr, *args, **kwargs)

    compile_checked.clinic_guarded = True  # type: ignore[attr-defined]
    evaluator.compile_codeobj = compile_checked


def guard_html(field_class: type) -> None:
    """Let fields of raw HTML, which are not sanitised, hold no scripts.

    They are refused when a login writes them; what was stored earlier is sanitised
    when it is read.
    """
    convert, read = field_class._convert, field_class.convert_to_record
    if getattr(convert, "clinic_guarded", False):
        return

    @wraps(convert)
    def convert_checked(self, value, record, validate):
        if validate and value and is_raw(self) and is_closed(record.env):
            for piece in find_scripts(str(value)):
                raise refuse(piece)
        return convert(self, value, record, validate)

    @wraps(read)
    def read_checked(self, value, record):
        if value and is_raw(self) and is_closed(record.env):
            if any(find_scripts(str(value))):
                value = html_sanitize(value, silent=True)
        return read(self, value, record)

    convert_checked.clinic_guarded = True
    field_class._convert = convert_checked
    field_class.convert_to_record = read_checked


def is_raw(field: Field) -> bool:
    """Whether the HTML of a stored field reaches browsers as somebody wrote it."""
    return field.store and (not field.sanitize or field.sanitize_overridable)


def find_scripts(text: str) -> Iterator[str]:
    """Code in raw HTML, of whatever kind, that no module's file holds."""
    if not MAY_HOLD_CODE.search(text):
        return
    root = lxml.html.fragment_fromstring(text, create_parent="div")
    for piece in find_code(root):
        if not holds_piece(piece):
            yield piece
