"""Files that somebody has chosen, before anything reads them.

A few hundred bytes can say: fill this worker's memory. What a file may be, when it is
unpacked, counted or repeated, is looked at here first, for every importer; nothing here
reads a whole that it has not measured.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import io
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

import chardet
import openpyxl
import xlrd

Item = TypeVar("Item")

# Bytes: of a file as it is sent, and of all that is packed in it.
SIZE = 20 * 1024 * 1024
INFLATED = 64 * 1024 * 1024
MEMBERS = 1000
COLUMNS = 256
# Cells of all sheets, those that are left out included.
CELLS = 500_000
# Of a table of texts: in one line, and in all.
SEPARATORS = ",;\t|"
LINE_CELLS = 2_000
TEXT_CELLS = 1_000_000
# Bytes by which an encoding is guessed.
SAMPLE = 64 * 1024
# Of a calendar.
LINES = 200_000
# Single dates that are listed, in all: twenty years of days for a few series.
DATES = 20_000
DEPTH = 4
# Letters of a rule that is refused.
SHOWN = 100
RULE = re.compile(r"^(?:[\w-]+\.)?(?:RRULE|EXRULE)[^:]*:(.*)$", re.I | re.M)
ZONE = re.compile(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", re.I | re.S)
LISTS = ("RDATE", "EXDATE")
FOLD = re.compile(r"\r?\n[ \t]")
FREQUENCIES = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "WKST"}
PARTS |= {"BYSETPOS", "BYYEARDAY", "BYWEEKNO"}
ZIP = b"PK"
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
# Bytes of a sheet that are looked at before the next ones are unpacked.
PIECE = 64 * 1024


class TooLargeError(ValueError):
    """The file would take more than it may; ``what`` is one of size, packed, rows,
    columns, cells, nesting, repetition; ``detail`` is what was met."""

    def __init__(self, what: str, limit: int = 0, detail: str = ""):
        super().__init__(f"{what}: {limit}")
        self.what, self.limit, self.detail = what, limit, detail


class UnreadableError(ValueError):
    """The file is not what it should be."""


def decode(value: bytes | str | None, limit: int = SIZE) -> bytes:
    """The bytes of a binary field, measured before they are decoded.

    :raises TooLargeError: more than ``limit`` bytes, packed or unpacked
    :raises UnreadableError: not base64
    """
    value = value or b""
    if len(value) * 3 // 4 > limit + 3:
        raise TooLargeError("size", limit)
    try:
        content = base64.b64decode(value)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("base64") from error
    check(content, limit)
    return content


def check(content: bytes, limit: int = SIZE) -> None:
    """
    :raises TooLargeError: more than ``limit`` bytes, or an archive that unpacks to more
        than ``INFLATED``; what an archive says of its sizes is what can be read of it;
        or sheets of more than ``CELLS``
    :raises UnreadableError: an archive that is broken, or holds archives
    """
    if len(content) > limit:
        raise TooLargeError("size", limit)
    if not content.startswith(ZIP):
        return
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            sizes = sum(one.file_size for one in members)
            if len(members) > MEMBERS or sizes > INFLATED:
                raise TooLargeError("packed", INFLATED)
            _measure_sheets(archive)
    except TooLargeError:
        raise
    except (BadZipFile, ValueError, RuntimeError, OSError) as error:
        # NotImplementedError is a RuntimeError: packed or sealed in a way unknown here.
        raise UnreadableError("archive") from error


def _measure_sheets(archive: ZipFile) -> None:
    """Count what a reader of .xlsx files would make of each member.

    A cell far away, or merged up to there, is all cells before it.
    """
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels")):
            with archive.open(member) as content:
                _measure_sheet(content)


def _measure_sheet(content: Any) -> None:
    """:raises TooLargeError: more than ``CELLS``, written or left out"""
    cells = width = height = 0

    def note(tag: str, attributes: dict[str, str]) -> None:
        nonlocal cells, width, height
        name = tag.rpartition(":")[2]
        if name == "c":
            cells += 1
        if name == "row":
            height = max(height, int(attributes.get("r", 0)))
        place = attributes.get({"c": "r", "mergeCell": "ref"}.get(name, ""), "")
        if found := CELL.search(place):
            width = max(width, _read_column(found[1]))
            height = max(height, int(found[2]))
        if max(cells, width * height) > CELLS:
            raise TooLargeError("cells", CELLS)

    parser = expat.ParserCreate()
    parser.StartElementHandler = note
    try:
        while piece := content.read(PIECE):
            parser.Parse(piece)
    except expat.ExpatError:
        return  # No sheet, and none that a reader would make something of.


def _read_column(letters: str) -> int:
    """Number of the column that is called ``letters``: 1 for A, 28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def guess_encoding(content: bytes) -> str:
    """Python's name of the encoding of a text, by all of it or by its beginning."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return (chardet.detect(content[:SAMPLE])["encoding"] or "utf-8").lower()
    return "utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "utf-8"


def check_table(text: str, separator: str = "") -> None:
    """A table of texts before it is taken apart, which makes an object of each cell.

    :param separator: of cells; if it is not known yet, any that might be
    :raises TooLargeError: a line, or the whole, of too many cells
    """
    if max(map(text.count, separator or SEPARATORS)) > TEXT_CELLS:
        raise TooLargeError("cells", TEXT_CELLS)
    check_lines(text, separator)


def check_lines(text: str, separator: str = "") -> None:
    """Lines of a table that is read line by line; see :func:`check_table`.

    :raises TooLargeError: a line of too many cells
    """
    # Readers that look for the separator try blanks too.
    separators = {*separator, *SEPARATORS, " ", "\x1f"}
    for line in io.StringIO(text):
        if len(line) > LINE_CELLS and max(map(line.count, separators)) > LINE_CELLS:
            raise TooLargeError("cells", LINE_CELLS)


def check_old_sheets(content: bytes) -> None:
    """An .xls file before it is read: a cell far away is all cells before it.

    :raises TooLargeError: sheets of more than ``CELLS``, written or left out
    :raises UnreadableError: no .xls file
    """
    try:
        with xlrd.open_workbook(
            file_contents=content, ragged_rows=True, logfile=io.StringIO()
        ) as book:
            cells = sum(
                sheet.nrows * max(map(sheet.row_len, range(sheet.nrows)), default=0)
                for sheet in book.sheets()
            )
    except Exception as error:
        # Whatever the library makes of a file that is none.
        raise UnreadableError("xls") from error
    if cells > CELLS:
        raise TooLargeError("cells", CELLS)


def declares_entities(content: bytes) -> bool:
    """Whether XML brings a document type, by which a few bytes become a gigabyte or a
    file of the server; no format that is read here has one. Of any encoding.
    """
    return b"<!DOCTYPE" in content.replace(b"\0", b"").upper()


def take(items: Iterable[Item], limit: int) -> Iterator[Item]:
    """``items``, one by one.

    :raises TooLargeError: when there are more than ``limit``
    """
    items = iter(items)
    yield from islice(items, limit)
    for _more in items:
        raise TooLargeError("rows", limit)


def read_sheet(content: bytes, rows: int) -> Iterator[tuple[Any, ...]]:
    """Values of the first sheet of an .xlsx file, its titles first.

    Rows that the file leaves out count: a single cell far below is a million rows.

    :raises TooLargeError: more than ``rows`` and the titles
    :raises UnreadableError: no .xlsx file
    """
    for _name, lines in read_sheets(content, rows):
        yield from lines
        return


def read_sheets(
    content: bytes, rows: int
) -> Iterator[tuple[str, Iterator[tuple[Any, ...]]]]:
    """(name, values row by row) of each sheet that people see; see :func:`read_sheet`.

    A sheet is to be read before the next one is asked for. A formula that no program
    has calculated yet stands as it is written, with its «=».
    """
    check(content)
    book = _open_book(content)
    formulas = _open_book(content, data_only=False) if _has_formulas(content) else None
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            written = formulas[sheet.title] if formulas else None
            yield sheet.title, take(_read_lines(sheet, written), rows + 1)


def find_hidden_sheets(content: bytes) -> list[str]:
    """Names of the sheets that :func:`read_sheets` leaves out; none of other files.

    :raises TooLargeError, UnreadableError: as there
    """
    if not content.startswith(ZIP):
        return []
    check(content)
    sheets = _open_book(content).worksheets
    return [one.title for one in sheets if one.sheet_state != "visible"]


def _open_book(content: bytes, data_only: bool = True) -> Any:
    try:
        return openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only
        )
    except Exception as error:
        # Whatever the library makes of a file that is none.
        raise UnreadableError("xlsx") from error


def _has_formulas(content: bytes) -> bool:
    """Whether a sheet of a measured archive holds any; most hold none."""
    with ZipFile(io.BytesIO(content)) as archive:
        return any(
            FORMULA.search(archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/")
        )


def _read_lines(sheet: Any, written: Any) -> Iterator[tuple[Any, ...]]:
    """Values row by row; of a formula without one, its text in ``written``."""
    try:
        lines = sheet.iter_rows(values_only=True)
        if not written:
            yield from map(_check_width, lines)
            return
        for values, texts in zip(lines, written.iter_rows(values_only=True)):
            pairs = zip(values, texts, strict=True)
            yield _check_width(
                # Of a formula of several cells a library has an object.
                getattr(text, "text", text) if value is None else value
                for value, text in pairs
            )
    except TooLargeError:
        raise
    except Exception as error:
        # As above, where the sheet itself is broken.
        raise UnreadableError("xlsx") from error


def _check_width(values: Iterable[Any]) -> tuple[Any, ...]:
    """:raises TooLargeError: something stands where no column is read any more"""
    line = tuple(values)
    if any(value is not None for value in line[COLUMNS:]):
        raise TooLargeError("columns", COLUMNS)
    return line[:COLUMNS]


def read_calendar_text(content: bytes, events: int) -> str:
    """The text of a calendar that can be parsed without repeating for ever.

    :raises TooLargeError: more than ``events``, too many lines, nested too deep, or
        rules that repeat within a day, or thousands of listed dates
    :raises UnreadableError: not UTF-8
    """
    check(content)
    try:
        text = FOLD.sub("", content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError("utf-8") from error
    depth = found = dates = 0
    for number, line in enumerate(text.splitlines()):
        word = line.strip().upper()
        if word.startswith("BEGIN:"):
            depth += 1
            found += word == "BEGIN:VEVENT"
        elif word.startswith("END:"):
            depth -= 1
        elif word.startswith(LISTS):
            dates += 1 + word.count(",")
        if dates > DATES:
            raise TooLargeError("repetition")
        if number >= LINES or found > events:
            raise TooLargeError("rows", events)
        if depth > DEPTH:
            raise TooLargeError("nesting", DEPTH)
    for match in RULE.finditer(text):
        read_rule(match[1])
    for zone in ZONE.finditer(text):
        # Clocks change twice a year; other rules are unrolled from their first day on.
        if any(read_rule(rule)["FREQ"] != "YEARLY" for rule in RULE.findall(zone[0])):
            raise TooLargeError("repetition")
    return text


def read_rule(text: str) -> dict[str, str]:
    """Parts of a recurrence rule (RFC 5545, 3.3.10), of which none is within a day.

    :raises TooLargeError: it repeats by hours, minutes or seconds, or is no rule
    """
    parts = {
        key.strip().upper(): value.strip().upper()
        for key, _sep, value in (part.partition("=") for part in text.split(";"))
        if key.strip()
    }
    known = parts.keys() <= PARTS and parts.get("FREQ") in FREQUENCIES
    interval = parts.get("INTERVAL", "1")
    if not known or not interval.isdecimal() or not 1 <= int(interval[:6]) <= 9999:
        raise TooLargeError("repetition", detail=text.strip()[:SHOWN])
    return parts
