"""Rows of a file of past visits: cut, checked, brought to one form.

The file is CSV in any encoding with a line of titles, in English or Russian, above
which others may stand; columns may come in any order. Nothing here knows a database:
names are looked up later.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from typing import BinaryIO, NamedTuple

from odoo.addons.clinic_base.tools.file_text import (
    DIVIDERS,
    guess_encoding,
    read_head,
    split_rows,
)
from odoo.addons.clinic_base.tools.letters import clean, fold
from odoo.addons.clinic_base.tools.patient_rows import Reader, RowError, find_start

from .visit_columns import find_columns, join_moment, read_minutes, read_moment

REQUIRED = ("card_number", "specialist", "service", "branch", "start")
READ = frozenset((*REQUIRED, "key", "patient", "minutes", "state", "date", "time"))
# Titles stand in one of these lines.
HEAD_LINES = 20
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
    patient: str
    specialist: str
    service: str
    branch: str
    start: str
    minutes: int
    state: str
    text: str


class Reject(NamedTuple):
    """A row that cannot be taken, with a reason code, and the row as it stands."""

    line: int
    reason: str
    text: str


class HeaderError(ValueError):
    """The file as a whole cannot be taken; the text names the missing columns."""


class Layout(NamedTuple):
    """How a file is to be read; its rows begin at byte ``start``, in ``line``."""

    encoding: str
    delimiter: str
    columns: tuple[str | None, ...]
    titles: tuple[str, ...] = ()
    start: int = 0
    line: int = 2

    @classmethod
    def of(cls, handle: BinaryIO) -> Layout:
        """Find encoding, delimiter and titles; ``handle`` stands behind them then.

        :raises HeaderError: if a column is missing
        """
        head = read_head(handle)
        encoding = guess_encoding(head)
        text = head.decode(encoding, errors="replace").lstrip("\ufeff")
        _known, delimiter, place, titles = max(
            (
                (len(_find_known(row)), delimiter, -place, row)
                for delimiter in DIVIDERS
                for place, row in enumerate(split_rows(text, delimiter)[:HEAD_LINES])
            ),
            key=lambda one: (one[0], one[2]),
            default=(0, DIVIDERS[0], 0, []),
        )
        known = {"start" if name == "date" else name for name in _find_known(titles)}
        if missing := [name for name in REQUIRED if name not in known]:
            raise HeaderError(", ".join(missing))
        start, line = find_start(handle, encoding, delimiter, -place)
        handle.seek(start)
        named = tuple(map(clean, titles))
        return cls(encoding, delimiter, tuple(find_columns(titles)), named, start, line)

    def get_unread(self) -> list[str]:
        """Titles of the columns of which nothing is read."""
        pairs = zip(self.titles, self.columns, strict=True)
        return [title for title, name in pairs if title and name not in READ]


def _find_known(titles: Sequence[str]) -> set[str]:
    return set(filter(None, find_columns(titles)))


class VisitReader(Reader):
    """Reads rows of visits from where ``handle`` stands, and knows how far it came."""

    def _parse(self, line: int, raw: bytes) -> Row | Reject:
        text = raw.decode(self.layout.encoding, errors="replace").strip("\r\n\ufeff")
        cells = next(csv.reader([text], delimiter=self.layout.delimiter), [])
        spare = len(cells) - len(self.layout.columns)
        if spare < 0 or any(map(str.strip, cells[len(cells) - spare :])):
            return Reject(line, "columns", text)
        if "\ufffd" in text:
            return Reject(line, "encoding", text)
        pairs = zip(self.layout.columns, map(clean, cells))
        named = {name: value for name, value in pairs if name and value}
        try:
            return make_row(line, named, date.today(), text)
        except RowError as error:
            return Reject(line, str(error), text)


def make_row(line: int, named: Mapping[str, str], today: date, text: str = "") -> Row:
    """A visit of the values by column, those that are not empty.

    Without a number of the former system a visit is known by whose, whom with and when
    it was.

    :raises RowError: with a reason code: empty, start, minutes, state
    """
    if not all(named.get(name) for name in REQUIRED[:-1]):
        raise RowError("empty")
    try:
        if "time" in named:
            start = join_moment(named.get("date"), named["time"], today)
        else:
            start = read_moment(named.get("start") or named.get("date"), today)
    except ValueError as error:
        raise RowError("start") from error
    try:
        minutes = read_minutes(named.get("minutes")) or DEFAULT_MINUTES
    except ValueError as error:
        raise RowError("minutes") from error
    state = STATE_WORDS.get(fold(named.get("state") or STATES[0]))
    if not state:
        raise RowError("state")
    card_number, specialist = named["card_number"], fold(named["specialist"])
    return Row(
        line,
        named.get("key") or f"{card_number} {start:%Y-%m-%d %H:%M} {specialist}",
        card_number,
        fold(named.get("patient")),
        specialist,
        fold(named["service"]),
        fold(named["branch"]),
        start.isoformat(sep=" "),
        minutes,
        state,
        text,
    )
