"""The text of a file of rows: its encoding, its divider, its sheets as rows of text."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, BinaryIO

import charset_normalizer

from .uploads import ZIP, read_sheets

# What Russian offices have written with: Windows, DOS, Unix, Macintosh.
ENCODINGS = ("cp1251", "cp866", "koi8_r", "mac_cyrillic", "iso8859_5")
DIVIDERS = ";\t,|"
SAMPLE = 65536
# A spreadsheet keeps fifteen digits of a number; what was there more is lost.
KEPT_DIGITS = 15
# A few broken letters make no other encoding.
MOST_BROKEN = 0.05
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_head(handle: BinaryIO) -> bytes:
    """The beginning of a file, on to the first letter that is not ASCII's."""
    handle.seek(0)
    head = handle.read(SAMPLE)
    while head.isascii() and (more := handle.read(SAMPLE)):
        if not more.isascii():
            head += more
            break
    handle.seek(0)
    return head


def guess_encoding(sample: bytes) -> str:
    """Name of the encoding of ``sample``, whose end may be cut."""
    for mark, name in _WIDE:
        if sample.startswith(mark):
            return name
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[start:400:2]
        # Latin letters and signs, and Cyrillic ones.
        if high and high.count(0) and high.count(0) + high.count(4) == len(high):
            return name
    whole = sample[: sample.rfind(b"\n") + 1 or None]
    letters = sum(byte > 127 for byte in whole)
    broken = whole.decode("utf-8", errors="replace").count("\ufffd")
    if not letters or broken <= MOST_BROKEN * letters:
        return "utf-8"
    found = charset_normalizer.from_bytes(whole, cp_isolation=list(ENCODINGS)).best()
    return found.encoding if found else ENCODINGS[0]


def is_wide(encoding: str) -> bool:
    """Whether a line break is more than one byte, so that lines cannot be cut."""
    return encoding.startswith(("utf-16", "utf-32"))


def split_rows(text: str, divider: str) -> list[list[str]]:
    """Rows of ``text``, up to a quote that nobody closed; whoever reads on tells."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=divider))
    return rows


def get_sheets(content: bytes, rows: int) -> Iterator[tuple[str, str]]:
    """(name, CSV text) of each sheet of an .xlsx file that holds anything.

    :raises TooLargeError, UnreadableError: see :mod:`.uploads`
    """
    for name, lines in read_sheets(content, rows):
        cells = [[get_text(value) for value in line] for line in lines]
        # A sheet is as wide as whatever was ever coloured in it.
        width = max((_get_width(line) for line in cells), default=0)
        if width:
            buffer = io.StringIO()
            writer = csv.writer(buffer, delimiter=";", lineterminator="\n")
            writer.writerows(line[:width] for line in cells)
            yield name, buffer.getvalue()


def _get_width(line: Sequence[str]) -> int:
    return max((place for place, text in enumerate(line, 1) if text), default=0)


def is_workbook(head: bytes) -> bool:
    return head.startswith(ZIP)


def get_text(value: Any) -> str:
    """A cell as people see it; a number that has lost digits shows that it has.

    >>> get_text(79123456789.0), get_text(7712345678901234567)
    ('79123456789', '7.71234567890123e+18')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.strftime(
            "%Y-%m-%d" + (" %H:%M:%S" if value.time() != time() else "")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and value == value // 1:
        digits = str(int(value))
        return digits if len(digits.lstrip("-")) <= KEPT_DIGITS else f"{value:.14e}"
    return " ".join(str(value).splitlines())
