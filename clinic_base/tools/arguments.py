"""Arguments that Odoo's own methods cannot understand: the caller's mistake."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import psycopg2

from odoo.exceptions import UserError
from odoo.models import BaseModel
from odoo.modules.module import Manifest

_logger = logging.getLogger(__name__)

# What a domain, a list of fields or values of wrong types end in: Odoo takes them apart
# and asks the database without looking at them.
MISTAKES = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    AssertionError,
    psycopg2.DataError,
    psycopg2.ProgrammingError,
)


def answer_in_words(method: Callable) -> Callable:
    """``method`` of the ORM as a caller from outside meets it.

    :raises UserError: instead of an error that names types or a statement. The log
        keeps it: as a warning if Odoo's own code did not understand, as an error if it
        was the suite's, where it may be a fault of the program.
    """

    @wraps(method)
    def call(records: BaseModel, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(records, *args, **kwargs)
        except MISTAKES as error:
            ours = is_of_suite(get_place(error)[0])
            _logger.log(
                logging.ERROR if ours else logging.WARNING,
                "%s.%s was not understood: %s",
                records._name,
                method.__name__,
                type(error).__name__,
                exc_info=True,
            )
            raise UserError(
                records.env._("The call was not understood. Check its arguments.")
            ) from error

    return call


def is_of_suite(module: str) -> bool:
    """Whether Python module ``module`` ('odoo.addons.…') belongs to the suite."""
    parts = module.split(".")
    if parts[:2] != ["odoo", "addons"] or len(parts) < 3:
        return False
    manifest = Manifest.for_addon(parts[2], display_warning=False)
    author = Manifest.for_addon("clinic_base")["author"]
    return bool(manifest) and manifest["author"] == author


def get_place(error: BaseException) -> tuple[str, str]:
    """Module and function in which ``error`` was raised."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    if not place:
        return "", ""
    return place.tb_frame.f_globals.get("__name__", ""), place.tb_frame.f_code.co_name
