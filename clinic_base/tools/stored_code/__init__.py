"""Whether what the database holds may run as code.

Settings rights let a login store expressions, templates and scripts, which would run
in the requests of others, with their rights. Code is therefore the server's: it comes
from the files of installed modules. What is stored runs if such a file holds the same,
or if it is too plain to do anything. ``clinic_stored_code = True`` in the configuration
file, which no login reaches, lifts that.
"""

from .gate import (
    StoredCodeError,
    check_expression,
    is_closed,
    is_switched_on,
    may_run,
    refuse,
)
from .markup import find_code
from .module_files import find_view_code, holds_expression, read_record_texts

__all__ = [
    "StoredCodeError",
    "check_expression",
    "find_code",
    "find_view_code",
    "holds_expression",
    "is_closed",
    "is_switched_on",
    "may_run",
    "read_record_texts",
    "refuse",
]
