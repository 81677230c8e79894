"""Rows of a file of past visits: cut, checked, brought to one form.

The file is CSV in UTF-8 with a header; columns may come in any order. Nothing here
knows a database: names are looked up later, by SQL.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, NamedTuple

REQUIRED = ("key", "card_number", "specialist", "service", "branch", "start")
OPTIONAL = ("minutes", "state")
STATES = ("done", "no_show", "cancelled")
FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M")
MAX_MINUTES = 24 * 60
DEFAULT_MINUTES = "30"


class Row(NamedTuple):
    """A visit; ``start`` is wall time of the branch in ISO form."""

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

    delimiter: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, handle: BinaryIO) -> Layout:
        """Read the header; ``handle`` stands behind it then.

        :raises HeaderError: if a column is missing
        """
        header = handle.readline().decode("utf-8-sig").strip("\r\n")
        delimiter = max(";\t,", key=header.count)
        columns = tuple(title.strip().lower() for title in header.split(delimiter))
        if missing := [name for name in REQUIRED if name not in columns]:
            raise HeaderError(", ".join(missing))
        return cls(delimiter, columns)


def read_rows(
    handle: BinaryIO, layout: Layout, line: int, count: int
) -> Iterator[Row | Reject]:
    """The next ``count`` rows, of which the first has number ``line``."""
    for number in range(line, line + count):
        raw = handle.readline()
        if not raw:
            return
        if text := raw.decode("utf-8", errors="replace").strip("\r\n"):
            yield _read_row(text, layout, number)


def _read_row(text: str, layout: Layout, line: int) -> Row | Reject:
    values = next(csv.reader([text], delimiter=layout.delimiter))
    if len(values) != len(layout.columns):
        return Reject(line, "columns", "")
    named = {
        name: value.strip()
        for name, value in zip(layout.columns, values, strict=True)
        if name in REQUIRED + OPTIONAL
    }
    if not all(named[name] for name in REQUIRED):
        return Reject(line, "empty", named["key"])
    start = _parse_start(named["start"])
    if not start:
        return Reject(line, "start", named["key"])
    minutes = named.get("minutes") or DEFAULT_MINUTES
    if not minutes.isdecimal() or not 0 < int(minutes) <= MAX_MINUTES:
        return Reject(line, "minutes", named["key"])
    state = named.get("state") or STATES[0]
    if state not in STATES:
        return Reject(line, "state", named["key"])
    return Row(
        line,
        *(named[name] for name in REQUIRED[:-1]),
        start.isoformat(sep=" "),
        int(minutes),
        state,
    )


def _parse_start(text: str) -> datetime | None:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(second=0)
        except ValueError:
            continue
    return None
