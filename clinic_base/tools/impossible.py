"""Values that no column and no parser can hold: the sender's mistake, not the server's.

A text with a zero byte, a number without end, a day beyond the calendar, a hundred
thousand brackets reach the database or a parser through whatever route is open. What
they raise there is told apart here, once, from faults of the program.
"""

import json
import logging
from fnmatch import fnmatchcase

from psycopg2 import DataError

from .arguments import get_place, is_of_suite

# Odoo's modules that take a request or a call apart.
DOORS = ("odoo.http.*", "odoo.service.*", "odoo.addons.*.controllers.*")
# Functions behind them that get ids, contexts, names and secrets as they came.
TAKING = {
    ("odoo.orm.models", "browse"),
    ("odoo.orm.models", "with_context"),
    ("odoo.orm.models", "ensure_one"),
    ("odoo.orm.environments", "company"),
    ("odoo.orm.environments", "get"),
    ("odoo.orm.registry", "__getitem__"),
    ("odoo.addons.base.models.res_lang", "__getitem__"),
    ("odoo.addons.payment.utils", "check_access_token"),
    ("passlib.utils.handlers", "validate_secret"),
}
MISTAKES = (TypeError, ValueError, LookupError, AttributeError)
READERS = ("json.decoder", "json.scanner", "json")


def is_impossible(error: BaseException) -> bool:
    """Whether ``error`` speaks of a value that cannot be, whoever has sent it."""
    kinds = DataError | OverflowError | UnicodeError | json.JSONDecodeError
    if isinstance(error, kinds):
        return True
    if isinstance(error, RecursionError):
        return get_place(error)[0] in READERS
    if isinstance(error, MISTAKES):
        # Parameters that are no object, ids that are no numbers, a method called
        # without its arguments or in a context that is none, an action that is for one
        # record called with none or several.
        module, name = get_place(error)
        if module == "_strptime" or (module, name) in TAKING or _is_door(module):
            return True
    if type(error) is Exception:
        # A service or a method that Odoo's dispatchers do not know.
        return _is_door(get_place(error)[0])
    if isinstance(error, TypeError):
        # A list or an object where a name or a number belongs, looked up in a cache.
        return "hashable" in str(error) and not is_of_suite(get_place(error)[0])
    # psycopg2's own before it asks the database, and the calendar's.
    said = ("NUL (0x00)", "out of range")
    return isinstance(error, ValueError) and any(word in str(error) for word in said)


def is_impossible_path(path: str) -> bool:
    """Whether no page can be at ``path``: browsers never send dots between slashes
    or control characters, and Odoo cannot write the address of a page that has them.
    """
    unprintable = any(char < " " or char == "\x7f" for char in path)
    return unprintable or not {".", ".."}.isdisjoint(path.split("/"))


def _is_door(module: str) -> bool:
    return not is_of_suite(module) and any(
        fnmatchcase(f"{module}.", door) for door in DOORS
    )


def note_as_warning(error: BaseException) -> None:
    """Let Odoo log ``error`` with its place, and not as a fault of the server."""
    error.loglevel = logging.WARNING  # type: ignore[attr-defined]
    error.exc_info = error  # type: ignore[attr-defined]
