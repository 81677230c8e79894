"""Values that no column and no parser can hold: the sender's mistake, not the server's.

A text with a zero byte, a number without end, a day beyond the calendar, a hundred
thousand brackets reach the database or a parser through whatever route is open. What
they raise there is told apart here, once, from faults of the program.
"""

import json.decoder
import json.scanner
import logging
import traceback

from psycopg2 import DataError

import odoo.http
import odoo.models

REFUSING = (
    (odoo.http.__file__, "dispatch"),
    (odoo.models.BaseModel.ensure_one.__code__.co_filename, "ensure_one"),
)
READERS = (json.decoder.__file__, json.scanner.__file__, json.__file__)


def is_impossible(error: BaseException) -> bool:
    """Whether ``error`` speaks of a value that cannot be, whoever has sent it."""
    if isinstance(error, DataError | OverflowError | UnicodeError):
        return True
    if isinstance(error, RecursionError):
        return _get_place(error).filename in READERS
    if isinstance(error, TypeError | ValueError):
        place = _get_place(error)
        # Parameters of a JSON-RPC call that are no object, and an action that is for
        # one record called with none or several.
        if (place.filename, place.name) in REFUSING:
            return True
    # psycopg2's own, before it asks the database.
    return isinstance(error, ValueError) and "NUL (0x00)" in str(error)


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
