"""Rows of a clinic's lists (services, specialists, hours, balances): cut out of files
in any encoding, their columns found by words of the titles.

Nothing here knows a database. A cell is text as people see it; what it means, and
whether it can be kept, says whoever takes the row.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

import openpyxl

from .birthdates import find_birthdate
from .file_text import (
    DIVIDERS,
    get_text,
    guess_encoding,
    is_workbook,
    split_rows,
)
from .letters import clean, fold
from .uploads import check, check_table, read_sheets, take

MAX_ROWS = 20_000
# Titles stand in one of these lines.
HEAD_LINES = 20
# (field, pattern over folded titles); the first that fits wins.
Rules = Sequence[tuple[str, str]]
# The field of each title of a line; None if the line holds no titles.
Find = Callable[[Sequence[str]], "Sequence[str | None] | None"]

_MONEY = re.compile(r"[+-]?(?:\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d+))?")
_CURRENCY = re.compile(r"(?:руб(?:л\w*)?\.?|р\.|₽|rub)$", re.I)
# So many decimals come from a spreadsheet's arithmetic and not from a hand.
ARITHMETIC = 6


class ListRow(NamedTuple):
    """``number`` of its line in ``sheet`` (empty in CSV); cells by field."""

    sheet: str
    number: int
    values: dict[str, str]


class ListTable(NamedTuple):
    """A sheet; without titles that fit, ``rows`` is None. ``unknown``: titles of the
    columns that nobody reads."""

    name: str
    rows: tuple[ListRow, ...] | None
    unknown: tuple[str, ...] = ()


def read_tables(content: bytes, find: Find, limit: int = MAX_ROWS) -> list[ListTable]:
    """The tables of a file, each below its titles, or told to be without.

    :param limit: rows of a table
    :raises TooLargeError, UnreadableError: see :mod:`.uploads`
    """
    check(content)
    if is_workbook(content):
        sheets = (
            (name, [[get_text(cell) for cell in line] for line in lines])
            for name, lines in read_sheets(content, limit)
        )
        return [
            _cut(name, lines, find) for name, lines in sheets if any(map(any, lines))
        ]
    text = content.decode(guess_encoding(content), errors="replace").lstrip("\ufeff")
    check_table(text)
    tables = [split_rows(text, divider) for divider in DIVIDERS]
    lines = max(tables, key=lambda table: _count_known(table, find))
    return [_cut("", list(take(lines, limit + 1)), find)]


def _count_known(lines: Sequence[Sequence[str]], find: Find) -> int:
    found = (find(line) or () for line in lines[:HEAD_LINES])
    return max((len(set(columns) - {None}) for columns in found), default=0)


def name_columns(titles: Sequence[str], rules: Rules) -> list[str | None]:
    """The field of each title, each field once; None where nobody knows.

    >>> name_columns(["Услуга", "Цена", "Цвет"], [("name", "услуг"), ("price", "цен")])
    ['name', 'price', None]
    """
    found: list[str | None] = []
    for title in titles:
        folded = fold(title).replace("_", " ")
        name = next((field for field, rule in rules if re.search(rule, folded)), None)
        found.append(name if name not in found else None)
    return found


def _cut(name: str, lines: Sequence[Sequence[str]], find: Find) -> ListTable:
    """Rows below the first line of titles."""
    for place, titles in enumerate(islice(lines, HEAD_LINES)):
        if columns := find(titles):
            rows = _read_rows(name, columns, lines[place + 1 :], place + 2)
            pairs = zip(titles, columns, strict=True)
            unknown = (clean(title) for title, column in pairs if not column)
            return ListTable(name, tuple(rows), tuple(filter(None, unknown)))
    return ListTable(name, None)


def _read_rows(
    sheet: str,
    columns: Sequence[str | None],
    lines: Sequence[Sequence[str]],
    first: int,
) -> Iterator[ListRow]:
    for number, line in enumerate(lines, first):
        values = {
            column: clean(cell)
            for column, cell in zip(columns, line)
            if column and clean(cell)
        }
        if values:
            yield ListRow(sheet, number, values)


def read_money(text: str) -> Decimal:
    """A sum as Russian offices write it.

    >>> read_money("1 234,50 руб."), read_money("-300"), read_money("0.1000000001")
    (Decimal('1234.50'), Decimal('-300.00'), Decimal('0.10'))

    :raises ValueError: it is none, or may be read in two ways, like 1,234
    """
    text = _CURRENCY.sub("", clean(text).replace("−", "-").replace("–", "-")).strip()
    text = re.sub(r"^([+-]) +", r"\1", text)
    match = _MONEY.fullmatch(text)
    if not match or 2 < len(match[1] or "") < ARITHMETIC:
        raise ValueError(text)
    return Decimal(text.replace(" ", "").replace(",", ".")).quantize(Decimal("0.01"))


def read_day(value: Any, today: date) -> date | None:
    """The day of ``value``; None where nothing is written.

    :raises ValueError: it is no day
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = clean(str(value if value is not None else ""))
    if not text:
        return None
    text = re.sub(r"(\b\d{1,2}[./-]\d{1,2}[./-])(\d{2})$", r"\g<1>20\2", text)
    day, rest = find_birthdate(text, today)
    if not day or rest.strip(" .г") not in ("", "00:00", "0:00", "00:00:00", "0:00:00"):
        raise ValueError(text)
    return day


def read_whole(text: str) -> int:
    """A number without decimals, also as a spreadsheet writes it.

    >>> read_whole("45 мин"), read_whole("30.0")
    (45, 30)

    :raises ValueError: it is none
    """
    return int(re.sub(r"(?:[.,]0+)?\s*(?:мин\w*\.?|min\w*\.?)?$", "", clean(text)))


def write_workbook(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook to be filled in, with examples."""
    book = openpyxl.Workbook()
    book.active.append(list(titles))
    for row in rows:
        book.active.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
