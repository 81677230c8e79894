"""Weekly hours as clinics write them in their lists."""

from __future__ import annotations

import re

from odoo.addons.clinic_base.tools.letters import clean, fold

_NAMES = (
    ("пн", "понедельник", "понед", "mon", "monday", "1"),
    ("вт", "вторник", "tue", "tuesday", "2"),
    ("ср", "среда", "wed", "wednesday", "3"),
    ("чт", "четверг", "thu", "thursday", "4"),
    ("пт", "пятница", "fri", "friday", "5"),
    ("сб", "суббота", "sat", "saturday", "6"),
    ("вс", "воскресенье", "sun", "sunday", "7"),
)
_DAYS = {fold(word): day for day, words in enumerate(_NAMES) for word in words}
_SPAN = re.compile(r"(.+?)\s*(?:-|по)\s*(.+)")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.\-ч](\d{2}))?(?::\d{2})?")
_HOURS = re.compile(r"(?:с\s*)?(\S+?)\s*(?:-|–|—|до)\s*(\S+)")
DAY = 24 * 60


def read_weekdays(text: str) -> tuple[int, ...]:
    """Days of the week, 0 is Monday.

    >>> read_weekdays("пн-ср, Пятница"), read_weekdays("сб")
    ((0, 1, 2, 4), (5,))

    :raises ValueError: a word is none
    """
    days: set[int] = set()
    for part in re.split(r"[,;/]\s*|\s+и\s+", clean(text)):
        if fold(part).strip(".") in _DAYS:
            days.add(_DAYS[fold(part).strip(".")])
            continue
        span = _SPAN.fullmatch(fold(part))
        if not span:
            raise ValueError(text)
        ends = [_DAYS.get(word.strip(" .")) for word in span.groups()]
        if None in ends or ends[0] > ends[1]:
            raise ValueError(text)
        days.update(range(ends[0], ends[1] + 1))
    return tuple(sorted(days))


def read_clock(text: str) -> int:
    """Minutes after midnight; 24:00 is the end of the day.

    >>> read_clock("9:30"), read_clock("09:30:00"), read_clock("14")
    (570, 570, 840)

    :raises ValueError: it is no hour of a day
    """
    match = _CLOCK.fullmatch(clean(text))
    minutes = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if not 0 <= minutes <= DAY or int(match[2] or 0) > 59:
        raise ValueError(text)
    return minutes


def read_hours(text: str) -> tuple[int, int]:
    """Beginning and end in minutes after midnight of the first day.

    >>> read_hours("9:00-15:30"), read_hours("с 20 до 8")
    ((540, 930), (1200, 1920))

    :raises ValueError: it is no span of hours
    """
    match = _HOURS.fullmatch(clean(text).lower())
    if not match:
        raise ValueError(text)
    return order_hours(read_clock(match[1]), read_clock(match[2]))


def order_hours(start: int, stop: int) -> tuple[int, int]:
    """What ends before it begins ends the next day.

    :raises ValueError: it has no length
    """
    if start == stop or start == DAY:
        raise ValueError(f"{start}-{stop}")
    return start, stop if stop > start else stop + DAY
