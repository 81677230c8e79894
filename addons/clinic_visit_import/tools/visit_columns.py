"""Columns and values of files of visits, past and coming, as clinics write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from odoo.addons.clinic_base.tools.birthdates import find_birthdate
from odoo.addons.clinic_base.tools.letters import clean, fold
from odoo.addons.clinic_base.tools.list_rows import read_day

# Patterns over folded titles; the first that fits wins.
_TITLES = (
    # Folded, all letters of "key" are those of both alphabets.
    (
        "key",
        rf"^{fold('key')}$|ключ|код визита|^visit n|^id\b"
        r"|номер (?:визита|записи|приема)",
    ),
    ("card_number", r"^card|карт|^пациент id"),
    ("until", r"^until|^до\b|^по\b|окончан.*(?:сери|повтор|курс)|последн"),
    ("weeks", r"^weeks|недел|повтор|период|кажд"),
    ("minutes", r"^minutes|минут|длит|продолж|^мин\b"),
    ("patient", r"^patient|пациент|клиент|ф\W{0,2}и\W{0,2}о"),
    ("specialist", r"^specialist|специалист|врач|доктор|мастер"),
    ("service", r"^service|услуг|процедур|вид приема|^прием$"),
    ("branch", r"^branch|филиал|клиник|адрес|^место"),
    ("state", r"^state|состоян|статус"),
    ("time", r"^time|^время|^час"),
    ("start", r"^start|начал|дата и время|дата,? время|когда|визит|дата приема"),
    ("date", r"^date|^дата|^день"),
)
_RULES = tuple((field, re.compile(pattern)) for field, pattern in _TITLES)
COLUMNS = tuple(field for field, _pattern in _TITLES)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.\-чh](\d{2})(?::(\d{2})(?:\.\d+)?)?(?!\d)")
_DURATIONS = (
    (re.compile(r"(\d{1,4})(?:[.,]0+)?\s*(?:м|мин|минут[аы]?|min|minutes?)?\.?"), 1),
    (re.compile(r"(\d{1,2})\s*(?:ч|час|часа|h|hours?)\.?"), 60),
)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_HOURS_AND_MINUTES = re.compile(r"(\d{1,2})\s*ч\w*\.?\s*(\d{1,2})\s*м\w*\.?")
_EVERY = (
    (re.compile(r"нет|разово|однократно|no|never|once"), 0),
    (re.compile(r"кажд\w+ недел\w+|еженедельно|раз в неделю|weekly|every week"), 1),
    (re.compile(r"через неделю|раз в (?:две|2) недели|every (?:2|two) weeks"), 2),
    (re.compile(r"раз в (?:три|3) недели"), 3),
    (re.compile(r"раз в (?:четыре|4) недели"), 4),
    (
        re.compile(
            r"(?:раз в |каждые |every )?(\d{1,2})(?:[.,]0+)?"
            r"(?: недел\w+| weeks?| нед\.?)?"
        ),
        None,
    ),
)
MAX_WEEKS = 52
MAX_MINUTES = 24 * 60


def find_columns(titles: Sequence[Any]) -> list[str | None]:
    """The field of each title; None where nobody knows.

    >>> find_columns(["Номер карты", "Врач", "Дата", "Время", "Цвет"])
    ['card_number', 'specialist', 'date', 'time', None]
    """
    found: list[str | None] = []
    for title in titles:
        folded = fold(str(title or "")).replace("_", " ").strip("№ ")
        name = next((name for name, rule in _RULES if rule.search(folded)), None)
        found.append(name if name not in found else None)
    # A time of its own belongs to a date of its own.
    if "start" in found and "time" in found and "date" not in found:
        found[found.index("start")] = "date"
    if "date" in found and "time" not in found and "start" not in found:
        found[found.index("date")] = "start"
    return found


def read_moment(value: Any, today: date) -> datetime:
    """Wall time of ``value``: a cell, or text with a day and a clock.

    :raises ValueError: one of them is missing or impossible
    """
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    text = clean(str(value if value is not None else "")).replace("T", " ")
    # A year of two digits is this century's: nobody is booked in the last.
    text = re.sub(r"(\b\d{1,2}[./-]\d{1,2}[./-])(\d{2})(?!\d)", r"\g<1>20\2", text)
    day, rest = find_birthdate(text, today)
    clock = _CLOCK.fullmatch(rest.strip(" ,в"))
    if not day or not clock:
        raise ValueError(text)
    return datetime.combine(day, time(int(clock[1]), int(clock[2])))


def join_moment(day: Any, clock: Any, today: date) -> datetime:
    """Wall time of a day and a clock in columns of their own."""
    if isinstance(clock, datetime):
        clock = clock.time()
    if isinstance(clock, time):
        clock = f"{clock:%H:%M}"
    if isinstance(clock, timedelta):
        clock = f"{(datetime.min + clock):%H:%M}"
    return read_moment(f"{read_day(day, today):%d.%m.%Y} {clock}", today)


def read_minutes(value: Any) -> int:
    """Length in minutes; 0 where nothing is written.

    >>> read_minutes("45 мин"), read_minutes("1:30"), read_minutes("1 ч")
    (45, 90, 60)

    :raises ValueError: it is no length of a visit
    """
    if isinstance(value, time):
        value = f"{value:%H:%M}"
    if isinstance(value, timedelta):
        value = int(value.total_seconds() // 60)
    text = fold(str(value if value is not None else ""))
    if not text:
        return 0
    if match := _HOURS.fullmatch(text) or _HOURS_AND_MINUTES.fullmatch(text):
        minutes = int(match[1]) * 60 + int(match[2])
    else:
        found = (
            int(match[1]) * unit
            for form, unit in _DURATIONS
            if (match := form.fullmatch(text))
        )
        minutes = next(found, 0)
    if not 0 < minutes <= MAX_MINUTES:
        raise ValueError(text)
    return minutes


def read_weeks(value: Any) -> int:
    """Weeks from one visit to the next; 0 is a single visit.

    >>> read_weeks("каждую неделю"), read_weeks("раз в две недели"), read_weeks(None)
    (1, 2, 0)

    :raises ValueError: it is another rule, or none
    """
    text = fold(str(value if value is not None else ""))
    if not text:
        return 0
    for form, weeks in _EVERY:
        if match := form.fullmatch(text):
            number = int(match[1]) if weeks is None else weeks
            if 0 <= number <= MAX_WEEKS:
                return number
    raise ValueError(text)


def strip_zeros(number: str) -> str:
    """A card's number as a spreadsheet leaves it."""
    return number.lstrip("0") or number
