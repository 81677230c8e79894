"""Coming visits of a file: rows of a sheet, or events of a calendar.

A row names a patient by card number (or name), and a specialist, a service and a branch
by name. ``start`` is wall time of the branch unless it carries a zone. What a value
means and cannot be carried over is the row's ``problem``, a code; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from odoo.addons.clinic_base.tools.list_rows import (
    ListRow,
    ListTable,
    read_day,
    read_tables,
)
from odoo.addons.clinic_base.tools.uploads import UnreadableError

from .visit_columns import (
    find_columns,
    join_moment,
    read_minutes,
    read_moment,
    read_weeks,
)

MAX_ROWS = 5000
NEEDED = ("start", "date")
# Columns of the sample, in their order.
COLUMNS = (
    "card_number",
    "specialist",
    "service",
    "branch",
    "start",
    "minutes",
    "weeks",
    "until",
)
# A visit that is to come has neither.
UNUSED = frozenset({"key", "state"})


class Standing(NamedTuple):
    """Visits at the same wall time every ``weeks`` from ``first`` on; ``last`` None is
    endless; without those on the days of ``skip``."""

    first: datetime
    weeks: int
    last: date | None
    skip: tuple[date, ...] = ()


class ComingRow(NamedTuple):
    """What is to be booked for whom, with whom and where; or why it is not.

    :ivar card_number: or the patient's name, where the file says no number
    :ivar patient: the name that stands beside a number
    """

    number: int
    card_number: str
    specialist: str
    service: str
    branch: str
    minutes: int = 0
    # Each with its length, 0 as the row's.
    singles: tuple[tuple[datetime, int], ...] = ()
    standing: tuple[Standing, ...] = ()
    problem: str = ""
    detail: str = ""
    sheet: str = ""
    patient: str = ""

    @property
    def start(self) -> datetime | None:
        """The first moment, however it goes on."""
        starts = [start for start, _minutes in self.singles]
        return min(starts + [one.first for one in self.standing], default=None)


def read_visit_tables(content: bytes) -> list[ListTable]:
    """The sheets of a workbook, or the table of a CSV file.

    :raises TooLargeError, UnreadableError: see ``tools/uploads.py`` of clinic_base
    """
    tables = read_tables(content, find_titles, MAX_ROWS)
    if not any(table.rows for table in tables):
        raise UnreadableError("columns")
    return tables


def find_titles(titles: Sequence[Any]) -> list[str | None] | None:
    """The field of each title of coming visits; None if the line holds no titles."""
    found = [None if name in UNUSED else name for name in find_columns(titles)]
    known = set(filter(None, find_columns(titles)))
    return found if known.intersection(NEEDED) and len(known) > 2 else None


def read_row(row: ListRow, today: date) -> ComingRow:
    """What a row of a sheet wants to be booked."""
    named = row.values
    patient = named.get("patient", "")
    taken = ComingRow(
        row.number,
        named.get("card_number") or patient,
        *(named.get(name, "") for name in ("specialist", "service", "branch")),
        sheet=row.sheet,
        patient=patient if "card_number" in named else "",
    )
    values: dict[str, Any] = {}
    for name, read in (
        ("start", lambda: _read_start(named, today)),
        ("minutes", lambda: read_minutes(named.get("minutes"))),
        ("weeks", lambda: read_weeks(named.get("weeks"))),
        ("until", lambda: read_day(named.get("until"), today)),
    ):
        try:
            values[name] = read()
        except (ValueError, TypeError):
            detail = named.get(name) or named.get("date", "")
            return taken._replace(problem=name, detail=detail)
    start, weeks, until = values["start"], values["weeks"], values["until"]
    if until and not weeks:
        return taken._replace(problem="until_alone", detail=str(until))
    if until and until < start.date():
        return taken._replace(problem="until_before", detail=str(until))
    taken = taken._replace(minutes=values["minutes"])
    if weeks:
        return taken._replace(standing=(Standing(start, weeks, until),))
    return taken._replace(singles=((start, 0),))


def _read_start(named: dict[str, str], today: date) -> datetime:
    if "time" in named:
        return join_moment(named.get("date"), named["time"], today)
    return read_moment(named.get("start", named.get("date")), today)
