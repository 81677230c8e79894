"""Dates of birth however people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from .letters import clean, fold

OLDEST = date(1880, 1, 1)
# What spreadsheets and 1C make of an empty date: their zero.
ZEROS = frozenset({date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1)})
_MONTHS = (
    ("янв", "jan"),
    ("фев", "feb"),
    ("мар", "mar"),
    ("апр", "apr"),
    ("май", "мая", "may"),
    ("июн", "jun"),
    ("июл", "jul"),
    ("авг", "aug"),
    ("сен", "sep"),
    ("окт", "oct"),
    ("ноя", "nov"),
    ("дек", "dec"),
)
MONTHS = {
    fold(start): month for month, starts in enumerate(_MONTHS, 1) for start in starts
}
_SEP = r"\s*[.,/\s-]\s*"
_DAY_FIRST = rf"(?P<d>\d{{1,2}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<y>\d{{4}}|\d{{2}})"
_YEAR_FIRST = rf"(?P<y>\d{{4}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})"
_WORD = r"(?P<d>\d{1,2})[\s.-]*(?P<w>[^\W\d_]{3,})\.?[\s.-]*(?P<y>\d{4})"
_COMPACT = r"(?P<c>\d{8})"
_TIME = r"(?:[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_END = r"\s*(?:г\.?\s*р\.?|года?\s*рожд\w*\.?|года?|г\.?)?"
FORMS = tuple(
    re.compile(f"{form}{_TIME}{_END}", re.I)
    for form in (_YEAR_FIRST, _DAY_FIRST, _WORD, _COMPACT)
)
_USUAL = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})")
# Inside other words: there spaces may also stand between a phone's digits.
_INSIDE = tuple(
    re.compile(rf"(?<!\d){form}(?!\d)", re.I)
    for form in (
        r"(?P<y>\d{4})[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[.,/-](?P<m>\d{1,2})[.,/-](?P<y>\d{4}|\d{2})",
        _WORD,
    )
)


# Between slashes Russians write the day first, Americans the month. Where a column
# holds both, what may be either is refused.
DAY_FIRST, MONTH_FIRST, EITHER = "day", "month", "either"
_SLASHED = re.compile(r"\s*(\d{1,2})/(\d{1,2})(/(?:\d{4}|\d{2}).*)", re.S)
MONTHS_A_YEAR = 12


class AmbiguousError(ValueError):
    """The year of two digits may be of this century or the last; or the day may be the
    month."""


def find_order(texts: Iterable[str]) -> str:
    """What comes first between slashes, by those dates that can be read in one way.

    >>> find_order(["05/13/1985", "05/06/1985", ""]), find_order(["05/06/1985"])
    ('month', 'day')
    """
    dates = [match for text in texts if (match := _SLASHED.match(text))]
    days = any(int(match[1]) > MONTHS_A_YEAR for match in dates)
    months = any(int(match[2]) > MONTHS_A_YEAR for match in dates)
    return EITHER if days and months else MONTH_FIRST if months else DAY_FIRST


def _turn(text: str, order: str) -> str:
    """``text`` with the day first.

    :raises AmbiguousError: it may be read in two ways
    """
    match = _SLASHED.match(text)
    if order == DAY_FIRST or not match:
        return text
    first, second = int(match[1]), int(match[2])
    if order == MONTH_FIRST or second > MONTHS_A_YEAR:
        return f"{second}/{first}{match[3]}"
    if first <= MONTHS_A_YEAR and first != second:
        raise AmbiguousError(text)
    return text


def read_birthdate(
    text: str | None, today: date, order: str = DAY_FIRST
) -> date | None:
    """Date of birth that is all of ``text``; None where nothing is written.

    >>> read_birthdate("7 марта 1985 г.р.", date(2026, 1, 1))
    datetime.date(1985, 3, 7)
    >>> read_birthdate("1985-03-07T00:00:00", date(2026, 1, 1))
    datetime.date(1985, 3, 7)

    :param order: of day and month between slashes
    :raises AmbiguousError: 07.03.25 in 2026
    :raises ValueError: no date, an impossible one, or what a program makes of none
    """
    text = clean(text)
    if not text:
        return None
    if usual := _USUAL.fullmatch(text):
        born = date(int(usual[3]), int(usual[2]), int(usual[1]))
        return _check(born, text, today)
    text = _turn(text, order)
    for form in FORMS:
        if match := form.fullmatch(text):
            return _check(_to_date(match, today, guessing=False), text, today)
    raise ValueError(text)


def _check(born: date, text: str, today: date) -> date:
    if born in ZEROS or not OLDEST <= born <= today:
        raise ValueError(text)
    return born


def find_birthdate(text: str, today: date) -> tuple[date | None, str]:
    """The date inside what somebody has typed to search, and the rest of it.

    A year of two digits lies in the past century up to today.
    """
    for form in _INSIDE:
        if match := form.search(text):
            try:
                born = _to_date(match, today, guessing=True)
            except ValueError:
                continue
            return born, f"{text[: match.start()]} {text[match.end() :]}"
    return None, text


def read_digits(digits: str, today: date) -> date | None:
    """The date that eight or six digits may be: 07031985, 19850307, 070385."""
    if len(digits) == 6:
        digits = ".".join((digits[:2], digits[2:4], digits[4:]))
        return find_birthdate(digits, today)[0]
    try:
        return read_birthdate(digits, today) if len(digits) == 8 else None
    except ValueError:
        return None


def _to_date(match: re.Match, today: date, guessing: bool) -> date:
    parts = match.groupdict()
    if compact := parts.get("c"):
        return _read_compact(compact, today)
    month = parts.get("m") or MONTHS.get(fold(parts["w"])[:3], 0)
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += today.year // 100 * 100
        if year > today.year:
            year -= 100
        elif not guessing:
            raise AmbiguousError(match[0])
    return date(year, int(month), int(parts["d"]))


def _read_compact(digits: str, today: date) -> date:
    """Never both: no month is called 18, 19 or 20."""
    for year, month, day in (
        (digits[4:], digits[2:4], digits[:2]),
        (digits[:4], digits[4:6], digits[6:]),
    ):
        if OLDEST.year <= int(year) <= today.year:
            return date(int(year), int(month), int(day))
    raise ValueError(digits)
