"""The server's log without the values of statements, which are patients' data.

psycopg2 puts values into the text of a statement, and PostgreSQL's messages quote them:
``Key (phone)=(+7…) already exists``. Everything is logged as before, a failed statement
with ``?`` for its values, an error of the database by its kind and what it concerns.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

import psycopg2

from odoo.tools import config

STATEMENTS = "odoo.sql_db"
_LITERAL = re.compile(
    r"""
    (?P<kept> "(?:[^"]|"")*" | \b[A-Za-z_]\w* (?!') )  # names stay
    | [eE]'(?:[^'\\]|\\.|'')*(?:'|$)
    | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)
    | \$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|$)
    | \d+(?:\.\d+)?(?:[eE][+-]?\d+)?
    """,
    re.VERBOSE | re.DOTALL,
)
_NAMES = ("table_name", "column_name", "constraint_name", "datatype_name")


def guard() -> None:
    """Have every record that is logged from now on pass ``make_discreet``.

    A server in development (``dev_mode`` in its configuration) logs as Odoo does.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "clinic_guarded", False):
        return

    def make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if not config["dev_mode"]:
            make_discreet(record)
        return record

    make_record.clinic_guarded = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_record)


def make_discreet(record: logging.LogRecord) -> None:
    """Take the values out of a record's message, arguments and traceback."""
    if isinstance(record.msg, psycopg2.Error):
        record.msg = describe(record.msg)
    if isinstance(record.args, tuple):
        record.args = tuple(_without_values(record.name, arg) for arg in record.args)
    error = record.exc_info and record.exc_info[1]
    if error and not record.exc_text:
        record.exc_text = _format(error)


def strip_values(statement: str) -> str:
    """``statement`` with ``?`` for each literal."""
    return _LITERAL.sub(lambda found: found["kept"] or "?", statement)


def describe(error: BaseException) -> str:
    """The kind of a database's error and the names it concerns, nothing it quotes."""
    diag = getattr(error, "diag", None)
    parts = [getattr(error, "pgcode", None), *(getattr(diag, n, None) for n in _NAMES)]
    named = " ".join(filter(None, parts))
    return f"{type(error).__name__} {named}".rstrip()


def _without_values(logger: str, arg: object) -> object:
    if isinstance(arg, psycopg2.Error):
        return describe(arg)
    if logger != STATEMENTS or not isinstance(arg, (str, bytes)):
        return arg
    return strip_values(arg.decode(errors="replace") if isinstance(arg, bytes) else arg)


def _format(error: BaseException) -> str | None:
    """The traceback of ``error``; None leaves it to the formatter.

    Only errors of the database, wherever in the chain, are worded anew.
    """
    known = traceback.TracebackException.from_exception(error)
    link: BaseException | None = error
    part: traceback.TracebackException | None = known
    found = False
    while link is not None and part is not None:
        if isinstance(link, psycopg2.Error):
            part._str = describe(link)  # type: ignore[attr-defined]
            found = True
        if part.__cause__ is not None:
            link, part = link.__cause__, part.__cause__
        else:
            link, part = link.__context__, part.__context__
    return "".join(known.format()).rstrip("\n") if found else None
