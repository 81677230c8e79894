"""The official Russian edition of ICD-10 (НСИ 1.2.643.5.1.13.13.11.1005) as CSV.

UTF-8, semicolons, quoted, with a header:
``ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple, TextIO

COLUMNS = ("ID", "MKB_CODE", "MKB_NAME", "ID_PARENT", "ADDL_CODE", "ACTUAL")
MARKS = {"1": "dagger", "2": "asterisk"}


class Icd10Row(NamedTuple):
    """One line; ``parent`` is the number of the line above it in the tree."""

    number: int
    code: str
    name: str
    parent: int | None
    mark: str | None
    actual: bool


class Icd10FormatError(ValueError):
    """The file is no edition of the classifier; the text names line and cause."""


def read_icd10(stream: TextIO) -> Iterator[Icd10Row]:
    """Rows of ``stream``; raises Icd10FormatError at the first line that is none."""
    reader = csv.DictReader(stream, delimiter=";")
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise Icd10FormatError(f"line 1: no column {', '.join(missing)}")
        for line in reader:
            yield _parse(line, reader.line_num)
    except UnicodeDecodeError as error:
        raise Icd10FormatError(f"after line {reader.line_num}: not UTF-8") from error
    except csv.Error as error:
        raise Icd10FormatError(f"line {reader.line_num}: {error}") from error


def _parse(line: dict[str, str | None], number: int) -> Icd10Row:
    code, name = (line["MKB_CODE"] or "").strip(), (line["MKB_NAME"] or "").strip()
    if not code or not name:
        raise Icd10FormatError(f"line {number}: no code or no name")
    try:
        parent = line["ID_PARENT"]
        return Icd10Row(
            int(line["ID"] or ""),
            code,
            name,
            int(parent) if parent else None,
            MARKS.get(line["ADDL_CODE"] or ""),
            line["ACTUAL"] != "0",
        )
    except ValueError as error:
        raise Icd10FormatError(
            f"line {number}: ID or ID_PARENT is no number"
        ) from error
