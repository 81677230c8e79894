"""What a caller's words ask for: names, digits of a phone or card, a date of birth."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

# One table for Python and SQL, whose lower() depends on the database's collation.
UPPER = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯABCDEFGHIJKLMNOPQRSTUVWXYZё"
LOWER = "абвгдеежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzе"
_FOLD = str.maketrans(UPPER, LOWER)

_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})|(\d{4})-(\d{2})-(\d{2})")
_LETTER = re.compile(r"[^\W\d_]")
# A number without its country code, e.g. 912 345-67-89 of +7 and of 8.
NATIONAL_DIGITS = 10


class PatientQuery(NamedTuple):
    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    birthdate: date | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.digits or self.birthdate)


def fold(text: str | None) -> str:
    """Lower case, ё as е, single spaces."""
    return " ".join((text or "").translate(_FOLD).lower().split())


def parse_query(text: str, today: date) -> PatientQuery:
    """Split what was typed; a two-digit year lies in the past century up to today.

    >>> parse_query("Ёлкина анна 07.03.85", date(2026, 1, 1)).birthdate
    datetime.date(1985, 3, 7)
    >>> parse_query("8 (912) 345-67-89", date(2026, 1, 1)).digits
    ('9123456789',)
    """
    birthdate = None
    if match := _DATE.search(text):
        birthdate = _to_date(match, today)
        if birthdate:
            text = text[: match.start()] + " " + text[match.end() :]
    tokens = fold(text).split()
    words = tuple(
        filter(None, (t.strip("().,;-") for t in tokens if _LETTER.search(t)))
    )
    return PatientQuery(
        words, _join_digits(t for t in tokens if not _LETTER.search(t)), birthdate
    )


def _join_digits(tokens) -> tuple[str, ...]:
    """Pieces of one phone number are typed with spaces; they are one number."""
    digits = "".join(re.sub(r"\D", "", token) for token in tokens)
    return (digits[-NATIONAL_DIGITS:],) if digits else ()


def _to_date(match: re.Match, today: date) -> date | None:
    if match[4]:
        year, month, day = (int(match[i]) for i in (4, 5, 6))
    else:
        day, month, year = (int(match[i]) for i in (1, 2, 3))
        if len(match[3]) == 2:
            year += today.year // 100 * 100
            year -= 100 if year > today.year else 0
    try:
        return date(year, month, day)
    except ValueError:
        return None
