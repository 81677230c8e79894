"""What a caller's words ask for: names, digits of a phone or card, a date of birth."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from .birthdates import find_birthdate
from .letters import fold

_LETTER = re.compile(r"[^\W\d_]")
# A number without its country code, e.g. 912 345-67-89 of +7 and of 8.
NATIONAL_DIGITS = 10


class PatientQuery(NamedTuple):
    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    birthdate: date | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.digits or self.birthdate)


def parse_query(text: str, today: date) -> PatientQuery:
    """Split what was typed; a two-digit year lies in the past century up to today.

    >>> parse_query("Ёлкина анна 07.03.85", date(2026, 1, 1)).birthdate
    datetime.date(1985, 3, 7)
    >>> parse_query("8 (912) 345-67-89", date(2026, 1, 1)).digits
    ('9123456789',)
    """
    birthdate, text = find_birthdate(text, today)
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
