"""Coming visits of a file: rows of a sheet, or events of a calendar.

A row names a patient by card number (or name), and a specialist, a service and a branch
by name. ``start`` is wall time of the branch unless it carries a zone. What a value
means and cannot be carried over is the row's ``problem``, a code; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from odoo.addons.clinic_base.tools.file_text import (
    DIVIDERS,
    guess_encoding,
    split_rows,
)
from odoo.addons.clinic_base.tools.letters import clean
from odoo.addons.clinic_base.tools.list_rows import read_day
from odoo.addons.clinic_base.tools.uploads import (
    UnreadableError,
    check,
    check_table,
    read_sheets,
    take,
)

from .visit_columns import (
    find_columns,
    join_moment,
    read_minutes,
    read_moment,
    read_weeks,
)

MAX_ROWS = 5000
# Titles stand in one of these lines.
HEAD_LINES = 20
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


class Standing(NamedTuple):
    """Visits at the same wall time every ``weeks`` from ``first`` on; ``last`` None is
    endless; without those on the days of ``skip``."""

    first: datetime
    weeks: int
    last: date | None
    skip: tuple[date, ...] = ()


class ComingRow(NamedTuple):
    """What is to be booked for whom, with whom and where; or why it is not."""

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

    @property
    def start(self) -> datetime | None:
        """The first moment, however it goes on."""
        starts = [start for start, _minutes in self.singles]
        return min(starts + [one.first for one in self.standing], default=None)


def read_xlsx(content: bytes, today: date) -> Iterator[ComingRow]:
    """Rows of all sheets with titles of visits.

    :raises TooLargeError, UnreadableError: see ``tools/uploads.py`` of clinic_base
    """
    found = False
    for _name, lines in read_sheets(content, MAX_ROWS):
        for row in _read_lines(lines, today):
            found = True
            yield row
    if not found:
        raise UnreadableError("columns")


def read_csv(content: bytes, today: date) -> Iterator[ComingRow]:
    """:raises TooLargeError, UnreadableError: as :func:`read_xlsx`"""
    check(content)
    text = content.decode(guess_encoding(content), errors="replace").lstrip("\ufeff")
    check_table(text)
    tables = [split_rows(text, divider) for divider in DIVIDERS]
    rows = max(tables, key=lambda table: sum(map(_count_known, table[:HEAD_LINES])))
    found = list(_read_lines(take(rows, MAX_ROWS + 1), today))
    if not found:
        raise UnreadableError("columns")
    yield from found


def _count_known(titles: Sequence[Any]) -> int:
    return len(set(find_columns(titles)) - {None})


def _read_lines(lines, today: date) -> Iterator[ComingRow]:
    columns: list[str | None] = []
    for number, values in enumerate(lines, 1):
        if not columns:
            found = find_columns(values)
            if (
                set(NEEDED).intersection(filter(None, found))
                and _count_known(values) > 2
            ):
                columns = found
            elif number > HEAD_LINES:
                return
        elif any(clean(str(value)) for value in values if value is not None):
            named = {
                name: value for name, value in zip(columns, values) if name is not None
            }
            yield _read_row(number, named, today)


def _read_row(number: int, named: dict[str, Any], today: date) -> ComingRow:
    row = ComingRow(
        number,
        _get_text(named.get("card_number") or named.get("patient")),
        *(_get_text(named.get(name)) for name in ("specialist", "service", "branch")),
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
            detail = _get_text(named.get(name) or named.get("date"))
            return row._replace(problem=name, detail=detail)
    start, weeks, until = values["start"], values["weeks"], values["until"]
    if until and not weeks:
        return row._replace(problem="until_alone", detail=str(until))
    if until and until < start.date():
        return row._replace(problem="until_before", detail=str(until))
    row = row._replace(minutes=values["minutes"])
    if weeks:
        return row._replace(standing=(Standing(start, weeks, until),))
    return row._replace(singles=((start, 0),))


def _read_start(named: dict[str, Any], today: date) -> datetime:
    if "time" in named:
        return join_moment(named.get("date"), named["time"], today)
    return read_moment(named.get("start", named.get("date")), today)


def _get_text(value: Any) -> str:
    """A cell as people see it; a number of a card has no decimals."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean(str(value if value is not None else ""))
