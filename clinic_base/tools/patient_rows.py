"""Rows of a file of patients: cut, decoded, checked, brought to one form.

Nothing here knows a database. A row that cannot be taken becomes a ``Reject`` with the
number of its line and a reason code; it never stops the rest.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO, NamedTuple

import phonenumbers

from .documents import digits_of, format_oms_policy, format_snils
from .patient_query import fold
from .person_name import join_name, split_name

# A value may hold line breaks; more than this is a quote that nobody closed.
MAX_LINES = 20
MAX_BYTES = 20_000
OLDEST = date(1880, 1, 1)
FIELDS = (
    "name",
    "last_name",
    "first_name",
    "middle_name",
    "birthdate",
    "sex",
    "phone",
    "email",
    "snils",
    "oms_policy",
    "dms_policy",
    "card_number",
    "category",
    "zip",
    "city",
    "street",
)
# What columns are called in files that clinics bring, folded.
KNOWN_HEADERS = {
    "фио": "name",
    "ф.и.о.": "name",
    "пациент": "name",
    "фамилия": "last_name",
    "имя": "first_name",
    "отчество": "middle_name",
    "дата рождения": "birthdate",
    "д.р.": "birthdate",
    "пол": "sex",
    "телефон": "phone",
    "мобильный": "phone",
    "email": "email",
    "e-mail": "email",
    "почта": "email",
    "снилс": "snils",
    "омс": "oms_policy",
    "полис омс": "oms_policy",
    "дмс": "dms_policy",
    "полис дмс": "dms_policy",
    "номер карты": "card_number",
    "карта": "card_number",
    "категория": "category",
    "индекс": "zip",
    "город": "city",
    "адрес": "street",
    **{field: field for field in FIELDS},
}
SEXES = {"м": "male", "муж": "male", "мужской": "male", "m": "male", "male": "male"} | {
    word: "female" for word in ("ж", "жен", "женский", "f", "female")
}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_RUSSIAN = re.compile(r"(?:7|8)?([3-9]\d{9})")


class Reject(NamedTuple):
    line: int
    reason: str
    text: str


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
    email: str | None
    snils: str | None
    oms_policy: str | None
    dms_policy: str | None
    card_number: str | None
    category: str | None
    zip: str | None
    city: str | None
    street: str | None
    text: str

    def get_keys(self) -> list[tuple[str, ...]]:
        """What tells this patient apart from those of later rows."""
        keys = self._get_own_keys()
        if self.phone_e164:
            keys.append(("phone", self.search_name, self.phone_e164))
            if not self.birthdate:
                keys.append(("undated", self.search_name, self.phone_e164))
        return keys

    def get_rival_keys(self) -> list[tuple[str, ...]]:
        """Keys of earlier rows that are the same patient.

        A name alone is shared by many; with a telephone it is the same patient if one
        of them does not say when they were born.
        """
        keys = self._get_own_keys()
        if self.phone_e164:
            kind = "undated" if self.birthdate else "phone"
            keys.append((kind, self.search_name, self.phone_e164))
        return keys

    def _get_own_keys(self) -> list[tuple[str, ...]]:
        numbers = {"snils": self.snils, "card": self.card_number}
        keys = [item for item in numbers.items() if item[1]]
        if self.birthdate:
            keys.append((self.search_name, self.birthdate))
        return keys


class RowError(ValueError):
    """The row cannot be taken; the text is a reason code."""


class HeaderError(ValueError):
    """The file as a whole cannot be taken."""


class Layout(NamedTuple):
    """How a file is to be read."""

    encoding: str
    delimiter: str
    columns: tuple[str | None, ...]

    @classmethod
    def of(cls, handle: BinaryIO, mapping: dict[str, str] | None = None) -> Layout:
        """Find encoding, delimiter and columns; ``handle`` stands behind the header.

        :raise HeaderError: with a code and what was found: ``columns``, ``field``
        """
        sample = handle.read(65536)
        encoding = guess_encoding(sample)
        handle.seek(0)
        header = handle.readline().decode(encoding).lstrip("\ufeff").strip("\r\n")
        delimiter = max(";\t,|", key=header.count)
        titles = next(csv.reader([header], delimiter=delimiter), [])
        known = KNOWN_HEADERS | {fold(k): v for k, v in (mapping or {}).items()}
        columns = tuple(known.get(fold(title)) for title in titles)
        if unknown := {c for c in columns if c and c not in FIELDS}:
            raise HeaderError("field", ", ".join(sorted(unknown)))
        if not {"name", "last_name"} & set(columns):
            raise HeaderError("columns", ", ".join(titles))
        return cls(encoding, delimiter, columns)


def guess_encoding(sample: bytes) -> str:
    """UTF-8 if the sample is valid in it (its end may be cut), else CP1251."""
    try:
        sample[: sample.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


class Reader:
    """Reads records from where ``handle`` stands, and knows how far it came."""

    def __init__(self, handle: BinaryIO, layout: Layout, line: int = 2):
        self.layout = layout
        self.offset = handle.tell()
        self.line = line
        self._handle = handle
        self._again: list[bytes] = []

    def __iter__(self) -> Iterator[Row | Reject]:
        while raw := self._next_record():
            line = self.line
            self.line += raw.count(b"\n") or 1
            self.offset += len(raw)
            if raw.strip():
                yield self._parse(line, raw)

    def _next_line(self) -> bytes:
        return self._again.pop(0) if self._again else self._handle.readline()

    def _next_record(self) -> bytes:
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
        text = raw.decode(self.layout.encoding, errors="replace").rstrip("\r\n")
        try:
            if len(raw) > MAX_BYTES:
                raise RowError("too_long")
            raw.decode(self.layout.encoding)
            cells = next(
                csv.reader([text], delimiter=self.layout.delimiter, strict=True)
            )
            if len(cells) != len(self.layout.columns):
                raise RowError("columns")
            values = {
                c: v.strip()
                for c, v in zip(self.layout.columns, cells, strict=True)
                if c
            }
            return make_row(line, values, text)
        except UnicodeDecodeError:
            return Reject(line, "encoding", text)
        except csv.Error:
            return Reject(line, "quotes", text)
        except RowError as error:
            return Reject(line, str(error), text)


def make_row(line: int, values: dict[str, str], text: str) -> Row:
    """Check and normalise one row; raises RowError."""
    name = join_name(
        values.get("last_name"), values.get("first_name"), values.get("middle_name")
    ) or join_name(values.get("name"), None, None)
    if not fold(name):
        raise RowError("name")
    if "\x00" in text:
        raise RowError("encoding")
    parts = split_name(name)
    e164, readable = normalise_phone(values.get("phone"))
    return Row(
        line,
        name,
        *parts,
        fold(name),
        normalise_date(values.get("birthdate")),
        normalise_sex(values.get("sex")),
        e164,
        readable,
        normalise_email(values.get("email")),
        _document("snils", format_snils, values.get("snils")),
        _document("oms_policy", format_oms_policy, values.get("oms_policy")),
        values.get("dms_policy") or None,
        values.get("card_number") or None,
        fold(values.get("category")) or None,
        values.get("zip") or None,
        values.get("city") or None,
        values.get("street") or None,
        text,
    )


def normalise_date(text: str | None, today: date | None = None) -> str | None:
    """ISO date of ``dd.mm.yyyy`` or ``yyyy-mm-dd``, possible for somebody alive."""
    if not text:
        return None
    numbers = [int(n) for n in re.findall(r"\d+", text)[:3]]
    if len(numbers) != 3:
        raise RowError("birthdate")
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    try:
        born = date(year, month, day)
    except ValueError as error:
        raise RowError("birthdate") from error
    if not OLDEST <= born <= (today or date.today()):
        raise RowError("birthdate")
    return born.isoformat()


def normalise_sex(text: str | None) -> str | None:
    """male, female, or nothing said."""
    if not text:
        return None
    try:
        return SEXES[fold(text).rstrip(".")]
    except KeyError as error:
        raise RowError("sex") from error


def normalise_phone(text: str | None) -> tuple[str | None, str | None]:
    """E.164 and the form people read. Russian numbers go a short way: phonenumbers
    takes ten times longer."""
    if not text:
        return None, None
    if match := _RUSSIAN.fullmatch(digits_of(text)):
        n = match[1]
        return f"+7{n}", f"+7 {n[:3]} {n[3:6]}-{n[6:8]}-{n[8:]}"
    try:
        number = phonenumbers.parse(text, "RU")
    except phonenumbers.NumberParseException as error:
        raise RowError("phone") from error
    if not phonenumbers.is_possible_number(number):
        raise RowError("phone")
    form = phonenumbers.PhoneNumberFormat
    return (
        phonenumbers.format_number(number, form.E164),
        phonenumbers.format_number(number, form.INTERNATIONAL),
    )


def normalise_email(text: str | None) -> str | None:
    """Lower case, as Odoo compares addresses."""
    if not text:
        return None
    if not _EMAIL.fullmatch(text):
        raise RowError("email")
    return text.lower()


def _document(name, form, text):
    try:
        return form(text) or None
    except ValueError as error:
        raise RowError(name) from error
