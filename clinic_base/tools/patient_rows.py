"""Rows of a file of patients: cut, decoded, checked, brought to one form.

Nothing here knows a database. A row that cannot be taken becomes a ``Reject`` with the
number of its line and a reason code; a value that cannot be taken is a flaw of its row,
whose person is kept. Neither ever stops the rest.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import BinaryIO, NamedTuple

from . import documents
from .birthdates import DAY_FIRST, find_order, read_birthdate
from .file_text import (
    DIVIDERS,
    ENCODINGS,
    guess_encoding,
    is_wide,
    read_head,
    split_rows,
)
from .identity import Identity
from .letters import clean, fold
from .patient_columns import (
    FIELDS,
    HEAD_LINES,
    NAMES,
    SKIP,
    count_known,
    find_columns,
    get_note,
)
from .person_name import (
    NAME_PARTS,
    check_name,
    combine_name,
    join_name,
    split_name,
)
from .phones import read_phones

# A value may hold line breaks; more than this is a quote that nobody closed.
MAX_LINES = 20
MAX_BYTES = 20_000
# Rows that tell what stands in a column without a title.
LOOKED_AT = 200
SEXES = {"м": "male", "муж": "male", "мужской": "male", "м.п": "male"} | {
    **dict.fromkeys(("m", "male", "man", "мужчина"), "male"),
    **dict.fromkeys(("ж", "жен", "женский", "женщина", "f", "female"), "female"),
}
SEXES = {fold(word): sex for word, sex in SEXES.items()}
# What people and programs write where there is nothing to write.
NOTHING = frozenset(map(fold, ("-", "--", "нет", "н/д", "n/a", "none", "null", "nan")))
LONGEST_NOTHING = 4
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")
# Google writes " ::: " between values of one kind.
_EMAILS = re.compile(r"(?:[\s,;]|:::)+")
# What a spreadsheet makes of a value that it cannot show or keep.
_SPOILED = re.compile(
    r"#+|#[\w/]+[!?]?|=.*|[\d.,]+[eе]\+?\d+|\d{9,}[.,]0+", re.I | re.S
)
# How programs keep the zeros of a number in a CSV that a spreadsheet opens.
_QUOTED_FORMULA = re.compile(r'="([^"]*)"')
# UTF-8 that was read as Windows-1251 once.
_TWICE = re.compile("[РС][\u0400-\u040f\u0450-\u045f°±µ¶·»ѕ‚„…†‡€‰‹‘’“”•–—™›]")
_BROKEN = "\ufffd"


class Reject(NamedTuple):
    """What has become of a row, or of a value of it (``kept``: the card was made).

    :ivar detail: the value, or what else is known of it
    :ivar card: id of the card that is spoken of, 0 where there is none
    """

    line: int
    reason: str
    text: str
    detail: str = ""
    kept: bool = False
    card: int = 0


class Row(NamedTuple):
    """A patient in the form of the database; ``line`` is where it stood."""

    line: int
    name: str
    last_name: str
    first_name: str
    middle_name: str
    search_name: str
    birthdate: str | None
    sex: str | None
    phone_e164: str | None
    phone: str | None
    phones: str | None
    email: str | None
    snils: str | None
    oms_policy: str | None
    dms_policy: str | None
    document_type: str | None
    document_number: str | None
    card_number: str | None
    category: str | None
    zip: str | None
    city: str | None
    street: str | None
    flaws: str
    text: str

    def get_keys(self) -> list[tuple[str, str]]:
        """Under which the same patient may be found among other rows."""
        keys = [
            (name, value)
            for name, value in (
                ("snils", self.snils),
                ("oms", self.oms_policy),
                ("document", self.document_number),
                ("card", self.card_number),
            )
            if value
        ]
        keys.append(("name", " ".join(sorted(self.search_name.split()))))
        keys += [("phone", number) for number in self.get_numbers()]
        return keys

    def get_numbers(self) -> list[str]:
        return [number for number, *_rest in json.loads(self.phones or "[]")]

    def get_identity(self) -> Identity:
        return Identity(
            fold(self.last_name),
            fold(self.first_name),
            fold(self.middle_name),
            date.fromisoformat(self.birthdate) if self.birthdate else None,
            self.snils or "",
            self.oms_policy or "",
            self.document_number or "",
            frozenset(self.get_numbers()),
            self.card_number or "",
        )

    def get_flaws(self) -> list[Reject]:
        """Values that were left out of the card."""
        if self.flaws == "[]":
            return []
        return [
            Reject(self.line, reason, self.text, value, True)
            for reason, value in json.loads(self.flaws)
        ]


class RowError(ValueError):
    """The row cannot be taken; the text is a reason code."""


class HeaderError(ValueError):
    """The file as a whole cannot be taken."""


class Layout(NamedTuple):
    """How a file is to be read; its rows begin at byte ``start``, in ``line``."""

    encoding: str
    delimiter: str
    columns: tuple[str | None, ...]
    titles: tuple[str, ...] = ()
    start: int = 0
    line: int = 2
    unknown: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    # Of day and month between slashes; all rows of the file tell.
    order: str = DAY_FIRST

    @classmethod
    def of(
        cls,
        handle: BinaryIO,
        mapping: dict[str, str] | None = None,
        named: bool = True,
    ) -> Layout:
        """Find encoding, delimiter and columns; ``handle`` stands behind the titles.

        :param named: whether a column with names has to be there
        :raise HeaderError: with a code and what was found: ``columns``, ``field``
        """
        if unknown := {v for v in (mapping or {}).values() if v} - {*FIELDS, SKIP}:
            raise HeaderError("field", ", ".join(sorted(unknown)))
        head = read_head(handle)
        encoding, delimiter, rows = _read_beginning(head)
        columns = find_columns(rows, mapping or {}, date.today())
        if named and not NAMES.intersection(filter(None, columns.fields)):
            seen = (
                columns.titles if columns.row >= 0 else [c for r in rows[:1] for c in r]
            )
            raise HeaderError("columns", ", ".join(seen))
        start, line = find_start(handle, encoding, delimiter, columns.row)
        sample = rows[columns.row + 1 :][:LOOKED_AT]
        layout = cls(
            encoding,
            delimiter,
            columns.fields,
            columns.titles,
            start,
            line,
            tuple(columns.get_unknown()),
            tuple(map(tuple, sample)),
        )
        handle.seek(start)
        if "birthdate" in layout.columns and any("/" in "".join(row) for row in sample):
            dates = Reader(handle, layout).scan("birthdate")
            layout = layout._replace(order=find_order(dates))
            handle.seek(start)
        return layout


def _read_beginning(head: bytes) -> tuple[str, str, list[list[str]]]:
    """Encoding, delimiter and rows: those in which most titles are known."""
    guess = guess_encoding(head)
    encodings = [guess] if guess not in ENCODINGS else [guess, *ENCODINGS]
    found = []
    for encoding in encodings:
        text = head.decode(encoding, errors="replace").lstrip("\ufeff")
        for delimiter in DIVIDERS:
            rows = split_rows(text, delimiter)[: HEAD_LINES + LOOKED_AT]
            known = max(map(count_known, rows[:HEAD_LINES]), default=0)
            width = sorted(map(len, rows))[len(rows) // 2] if rows else 0
            found.append((known, width, encoding, delimiter, rows))
        if any(known for known, *_rest in found):
            break
    known, _width, encoding, delimiter, rows = max(found, key=lambda one: one[:2])
    return encoding, delimiter, rows


def find_start(
    handle: BinaryIO, encoding: str, delimiter: str, row: int
) -> tuple[int, int]:
    """(byte, line) at which the rows behind row number ``row`` of titles begin; -1
    where there are none."""
    handle.seek(0)
    reader = Reader(handle, Layout(encoding, delimiter, ()), line=1)
    place = (0, 1)
    for _row in range(row + 1):
        raw = reader.next_record()
        place = (place[0] + len(raw), place[1] + (raw.count(b"\n") or 1))
    return place


class Reader:
    """Reads records from where ``handle`` stands, and knows how far it came."""

    def __init__(self, handle: BinaryIO, layout: Layout, line: int | None = None):
        self.layout = layout
        self.offset = handle.tell()
        self.line = layout.line if line is None else line
        self._handle = handle
        self._again: list[bytes] = []
        self._notes = [get_note(title) for title in layout.titles]

    def __iter__(self) -> Iterator[Row | Reject]:
        while raw := self.next_record():
            line = self.line
            self.line += raw.count(b"\n") or 1
            self.offset += len(raw)
            if raw.strip(b'\r\n\t ;,|"'):
                yield self._parse(line, raw)

    def reread(self, line: int, text: str) -> Row | Reject:
        """A row of this layout as it was told of."""
        return self._parse(line, text.encode(self.layout.encoding))

    def _next_line(self) -> bytes:
        return self._again.pop(0) if self._again else self._handle.readline()

    def scan(self, field: str) -> Iterator[str]:
        """All values of ``field`` from here on, as they stand."""
        place = self.layout.columns.index(field)
        while raw := self.next_record():
            text = raw.decode(self.layout.encoding, errors="replace")
            try:
                cells = next(csv.reader([text], delimiter=self.layout.delimiter), [])
            except csv.Error:
                continue  # Told when the row itself is read.
            yield from (clean(cell) for cell in cells[place : place + 1])

    def next_record(self) -> bytes:
        """One record: lines up to the closing quote. A quote that is not closed costs
        its own line only."""
        lines = [self._next_line()]
        quotes = lines[0].count(b'"')
        while quotes % 2 and len(lines) < MAX_LINES:
            if not (line := self._next_line()):
                break
            lines.append(line)
            quotes += line.count(b'"')
        if quotes % 2 and len(lines) > 1:
            self._again[:0] = lines[1:]
            return lines[0]
        return b"".join(lines)

    def _parse(self, line: int, raw: bytes) -> Row | Reject:
        text = raw.decode(self.layout.encoding, errors="replace").strip("\r\n\ufeff")
        try:
            if len(raw) > MAX_BYTES:
                raise RowError("too_long")
            raw.decode(self.layout.encoding)
            cells = next(
                csv.reader([text], delimiter=self.layout.delimiter, strict=True)
            )
            spare = len(cells) - len(self.layout.columns)
            # A program may end its lines with a divider.
            if spare < 0 or any(map(str.strip, cells[len(cells) - spare :])):
                raise RowError("columns")
            return make_row(line, self._collect(cells), text, self.layout.order)
        except UnicodeDecodeError:
            return Reject(line, "encoding", text)
        except csv.Error:
            return Reject(line, "quotes", text)
        except RowError as error:
            return Reject(line, str(error), text)

    def _collect(self, cells: list[str]) -> dict[str, list[tuple[str, str]]]:
        """{field: (value, note) of each column that holds it and says something}."""
        values: dict[str, list[tuple[str, str]]] = {}
        for place, (field, cell) in enumerate(zip(self.layout.columns, cells)):
            if quoted := _QUOTED_FORMULA.fullmatch(cell.strip()):
                cell = quoted[1]
            if field and field != SKIP and (cell := cell.strip()):
                note = self._notes[place] if place < len(self._notes) else ""
                values.setdefault(field, []).append((cell, note))
        return values


def is_nothing(text: str) -> bool:
    return len(text) <= LONGEST_NOTHING and fold(text) in NOTHING


class _Values:
    """Values of one row; whatever is wrong with one of them is noted as a flaw."""

    def __init__(self, values: dict[str, list[tuple[str, str]]]):
        self._values = values
        self.flaws: list[tuple[str, str]] = []

    def take(self, field: str, read=clean) -> str | None:
        """The one value of ``field`` as ``read`` makes it; two that differ are none."""
        if field not in self._values:
            return None
        found = {}
        for text, _note in self._values[field]:
            if is_nothing(text) or self._is_spoiled(field, text):
                continue
            try:
                if value := read(text):
                    found[value] = text
            except ValueError:
                self.flaws.append((field, text))
        if len(found) > 1:
            self.flaws.append(("twice", f"{field}: {' / '.join(found.values())}"))
            return None
        return next(iter(found), None)

    def _is_spoiled(self, field: str, text: str) -> bool:
        """Whether ``text`` is what a spreadsheet has left of a value; it is told."""
        if spoiled := bool(_SPOILED.fullmatch(text)):
            self.flaws.append(("spoiled", f"{field}: {text}"))
        return spoiled

    def take_phones(self) -> list[tuple[str, str, str]]:
        """[(E.164, as people read it, whose)]; each number once."""
        found: dict[str, tuple[str, str, str]] = {}
        for text, title in self._values.get("phone", ()):
            try:
                phones = read_phones(text)
            except ValueError:
                self.flaws.append(("phone", text))
                continue
            for phone in phones:
                note = " ".join(filter(None, (phone.note, title)))
                found.setdefault(phone.e164, (phone.e164, phone.readable, note))
        return list(found.values())

    def take_email(self) -> str | None:
        """The first address, in lower case, as Odoo compares them; a card has one."""
        if "email" not in self._values:
            return None
        texts = [
            part
            for text, _note in self._values["email"]
            for part in _EMAILS.split(text)
            if part and not is_nothing(part)
        ]
        emails = []
        for text in texts:
            if _EMAIL.fullmatch(clean(text)):
                emails.append(clean(text).lower())
            else:
                self.flaws.append(("email", text))
        emails = list(dict.fromkeys(emails))
        self.flaws += [("second_email", email) for email in emails[1:]]
        return emails[0] if emails else None

    def take_street(self) -> str | None:
        parts = [
            clean(text)
            for text, _note in self._values.get("street", ())
            if not is_nothing(text) and not self._is_spoiled("street", text)
        ]
        return ", ".join(dict.fromkeys(filter(None, parts))) or None

    def take_document(self) -> tuple[str | None, str | None]:
        """(kind, number): a passport of Russia or a birth certificate by their form."""
        series = self.take("document_series")
        number = self.take("document_number")
        text = clean(" ".join(filter(None, (series, number))))
        if not number:
            self.flaws += [("document_number", text)] if text else []
            return None, None
        for kind, form in documents.FORMATS.items():
            try:
                return kind, form(text)
            except ValueError:
                continue
        return "other", text


def make_row(
    line: int,
    values: dict[str, list[tuple[str, str]]],
    text: str,
    order: str = DAY_FIRST,
) -> Row:
    """Check and normalise one row.

    :param order: of day and month between slashes; see :mod:`.birthdates`
    :raises RowError: no person can be kept
    """
    taken = _Values(values)
    name, parts = _take_name(taken)
    if "\x00" in text:
        raise RowError("encoding")
    phones = taken.take_phones()
    document_type, document_number = taken.take_document()
    return Row(
        line,
        name,
        *parts,
        fold(name),
        taken.take("birthdate", partial(normalise_date, order=order)),
        taken.take("sex", normalise_sex),
        phones[0][0] if phones else None,
        phones[0][1] if phones else None,
        json.dumps(phones, ensure_ascii=False) if phones else None,
        taken.take_email(),
        taken.take("snils", documents.format_snils),
        taken.take("oms_policy", documents.format_oms_policy),
        taken.take("dms_policy"),
        document_type,
        document_number,
        taken.take("card_number"),
        fold(taken.take("category")) or None,
        taken.take("zip"),
        taken.take("city"),
        taken.take_street(),
        json.dumps(taken.flaws, ensure_ascii=False) if taken.flaws else "[]",
        text,
    )


def _take_name(taken: _Values):
    """The one line and its parts; columns of their own say best what is what."""
    given = [taken.take(part) for part in NAME_PARTS]
    whole = taken.take("name")
    parts, left = combine_name(given, whole) if any(given) and whole else (given, "")
    name = join_name(*parts) if any(given) else clean(whole)
    if left:
        taken.flaws.append(("twice", f"name: {left} / {name}"))
    if _BROKEN in name or _TWICE.search(name):
        raise RowError("encoding")
    try:
        name = check_name(name)
    except ValueError as error:
        raise RowError("name") from error
    if parts[0] and (parts[1] or any(given)):
        return name, [clean(part) for part in parts]
    return name, split_name(name)


def normalise_date(
    text: str | None, today: date | None = None, order: str = DAY_FIRST
) -> str | None:
    """ISO date of a birth, possible for somebody; see :mod:`.birthdates`.

    :raises ValueError: it is none
    """
    born = read_birthdate(text, today or date.today(), order)
    return born.isoformat() if born else None


def normalise_sex(text: str | None) -> str | None:
    """male, female, or nothing said.

    :raises ValueError: it says something else
    """
    if not text:
        return None
    try:
        return SEXES[fold(text).rstrip(".")]
    except KeyError as error:
        raise ValueError(text) from error


def to_utf8(handle: BinaryIO, target: BinaryIO) -> BinaryIO:
    """``handle`` itself, or a copy in UTF-8 in ``target`` where lines of bytes cannot
    be cut: of wide letters, or ended as a Macintosh did."""
    head = read_head(handle)
    encoding = guess_encoding(head)
    if not is_wide(encoding) and (b"\n" in head or b"\r" not in head):
        return handle
    text = handle.read().decode(encoding, errors="replace")
    target.write(
        text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").encode()
    )
    target.seek(0)
    return target
