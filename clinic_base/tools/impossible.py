"""Values that no column and no parser can hold: the sender's mistake, not the server's.

A text with a zero byte, a number without end, a day beyond the calendar, a hundred
thousand brackets reach the database or a parser through whatever route is open. What
they raise there is told apart here, once, from faults of the program.
"""

import _strptime
import json.decoder
import json.scanner
import logging
import traceback

from psycopg2 import DataError

import odoo.http
import odoo.models
import odoo.service.model

from odoo.addons.web.controllers import report

REFUSING = (
    (odoo.http.__file__, "dispatch"),
    (odoo.service.model.__file__, "call_kw"),
    (report.__file__, "report_routes"),
    (odoo.models.BaseModel.with_context.__code__.co_filename, "with_context"),
    (odoo.models.BaseModel.ensure_one.__code__.co_filename, "ensure_one"),
)
READERS = (json.decoder.__file__, json.scanner.__file__, json.__file__)


def is_impossible(error: BaseException) -> bool:
    """Whether ``error`` speaks of a value that cannot be, whoever has sent it."""
    kinds = DataError | OverflowError | UnicodeError | json.JSONDecodeError
    if isinstance(error, kinds):
        return True
    if isinstance(error, RecursionError):
        return _get_place(error).filename in READERS
    if isinstance(error, TypeError | ValueError | LookupError):
        place = _get_place(error)
        if place.filename == _strptime.__file__:
            return True
        # Parameters of a JSON-RPC call or options of a report that are no object, a
        # method called without its arguments or in a context that is none, and an
        # action that is for one record called with none or several.
        if (place.filename, place.name) in REFUSING:
            return True
    # psycopg2's own before it asks the database, and the calendar's.
    said = ("NUL (0x00)", "out of range")
    return isinstance(error, ValueError) and any(word in str(error) for word in said)


def is_impossible_path(path: str) -> bool:
    """Whether no page can be at ``path``: browsers never send dots between slashes
    or control characters, and Odoo cannot write the address of a page that has them.
    """
    unprintable = any(char < " " or char == "\x7f" for char in path)
    return unprintable or not {".", ".."}.isdisjoint(path.split("/"))


def _get_place(error: BaseException) -> traceback.FrameSummary:
    """Where ``error`` was raised."""
    found = traceback.extract_tb(error.__traceback__)
    return found[-1] if found else traceback.FrameSummary("", 0, "")


def note_as_warning(error: BaseException) -> None:
    """Let Odoo log ``error`` with its place, and not as a fault of the server."""
    error.loglevel = logging.WARNING  # type: ignore[attr-defined]
    error.exc_info = error  # type: ignore[attr-defined]
