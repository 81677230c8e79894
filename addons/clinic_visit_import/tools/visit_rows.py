"""Rows of a file of past visits: cut, checked, brought to one form.

The file is CSV in any encoding with a row of titles, in English or Russian; columns may
come in any order. Nothing here knows a database: names are looked up later, by SQL.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

from odoo.addons.clinic_base.tools.file_text import (
    DIVIDERS,
    guess_encoding,
    read_head,
)
from odoo.addons.clinic_base.tools.letters import clean, fold

from .visit_columns import find_columns, join_moment, read_minutes, read_moment

REQUIRED = ("key", "card_number", "specialist", "service", "branch", "start")
OPTIONAL = ("minutes", "state", "date", "time")
STATES = ("done", "no_show", "cancelled")
# What programs call the fates of visits, folded.
STATE_WORDS = {state: state for state in STATES} | {
    **dict.fromkeys(
        map(fold, ("состоялся", "состоялась", "выполнен", "завершён", "был", "принят")),
        "done",
    ),
    **dict.fromkeys(
        map(fold, ("неявка", "не явился", "не пришёл", "no show", "пропущен")),
        "no_show",
    ),
    **dict.fromkeys(
        map(fold, ("отменён", "отменена", "отмена", "canceled")), "cancelled"
    ),
}
MAX_MINUTES = 24 * 60
DEFAULT_MINUTES = 30


class Row(NamedTuple):
    """A visit; ``start`` is wall time of the branch in ISO form, names are folded."""

    line: int
    key: str
    card_number: str
    specialist: str
    service: str
    branch: str
    start: str
    minutes: int
    state: str


class Reject(NamedTuple):
    """A row that cannot be taken, with a reason code."""

    line: int
    reason: str
    key: str


class HeaderError(ValueError):
    """The file as a whole cannot be taken; the text names the missing columns."""


class Layout(NamedTuple):
    """How a file is to be read."""

    encoding: str
    delimiter: str
    columns: tuple[str | None, ...]

    @classmethod
    def of(cls, handle: BinaryIO) -> Layout:
        """Read the header of ``handle``, which stands behind it then.

        :raises HeaderError: if a column is missing
        """
        encoding = guess_encoding(read_head(handle))
        header = handle.readline().decode(encoding, "replace").strip("\ufeff\r\n")
        delimiter = max(DIVIDERS, key=header.count)
        columns = find_columns(next(csv.reader([header], delimiter=delimiter), []))
        found = {"start" if name == "date" else name for name in columns}
        if missing := [name for name in REQUIRED if name not in found]:
            raise HeaderError(", ".join(missing))
        return cls(encoding, delimiter, tuple(columns))


def read_rows(
    handle: BinaryIO, layout: Layout, line: int, count: int
) -> Iterator[Row | Reject]:
    """The next ``count`` rows, of which the first has number ``line``."""
    today = date.today()
    for number in range(line, line + count):
        raw = handle.readline()
        if not raw:
            return
        text = raw.decode(layout.encoding, errors="replace").strip("\r\n")
        if text.strip(layout.delimiter + " "):
            yield _read_row(text, layout, number, today)


def _read_row(text: str, layout: Layout, line: int, today: date) -> Row | Reject:
    values = next(csv.reader([text], delimiter=layout.delimiter))
    if len(values) != len(layout.columns):
        return Reject(line, "columns", "")
    named = {
        name: clean(value)
        for name, value in zip(layout.columns, values, strict=True)
        if name in REQUIRED + OPTIONAL
    }
    key = named["key"]
    if not all(named[name] for name in REQUIRED[:-1]):
        return Reject(line, "empty", key)
    if "\ufffd" in text:
        return Reject(line, "encoding", key)
    try:
        if "time" in named:
            start = join_moment(named.get("date"), named["time"], today)
        else:
            start = read_moment(named.get("start") or named.get("date"), today)
    except ValueError:
        return Reject(line, "start", key)
    try:
        minutes = read_minutes(named.get("minutes")) or DEFAULT_MINUTES
    except ValueError:
        return Reject(line, "minutes", key)
    state = STATE_WORDS.get(fold(named.get("state") or STATES[0]))
    if not state:
        return Reject(line, "state", key)
    return Row(
        line,
        key,
        named["card_number"],
        *(fold(named[name]) for name in ("specialist", "service", "branch")),
        start.isoformat(sep=" "),
        minutes,
        state,
    )
