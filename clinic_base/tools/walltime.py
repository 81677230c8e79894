"""Wall-clock time of a branch and UTC, also over clock changes.

Everything stored is naive UTC, as Odoo stores it. Everything that people plan in
(shift patterns, series, wishes) is wall time: a date, minutes after midnight and the
zone of the branch. Each date is resolved alone:

* a time that the clock skips moves forward by the gap (02:30 becomes 03:30);
* a time that the clock shows twice means its first pass.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MINUTES_PER_DAY = 24 * 60

ClockChange = Literal["skipped", "repeated"]


class Resolved(NamedTuple):
    """A wall time in UTC, and whether the clock skips or repeats it."""

    utc: datetime
    change: ClockChange | None


def resolve(day: date, minute_of_day: int, tz: str) -> Resolved:
    """UTC of ``minute_of_day`` (minutes after midnight, may pass 24:00) on ``day``.

    >>> resolve(date(2026, 3, 29), 150, "Europe/Berlin")
    Resolved(utc=datetime.datetime(2026, 3, 29, 1, 30), change='skipped')
    """
    zone = ZoneInfo(tz)
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute_of_day)
    first = wall.replace(tzinfo=zone, fold=0)
    utc = first.astimezone(timezone.utc)
    change: ClockChange | None = None
    if utc.astimezone(zone).replace(tzinfo=None) != wall:
        change = "skipped"
    elif first.utcoffset() != wall.replace(tzinfo=zone, fold=1).utcoffset():
        change = "repeated"
    return Resolved(utc.replace(tzinfo=None), change)


def to_utc(day: date, minute_of_day: int, tz: str) -> datetime:
    """Naive UTC of a wall time; see :func:`resolve`."""
    return resolve(day, minute_of_day, tz).utc


def to_wall(moment: datetime, tz: str) -> datetime:
    """Naive wall time in ``tz`` of ``moment`` (naive UTC)."""
    return (
        moment.replace(tzinfo=timezone.utc)
        .astimezone(ZoneInfo(tz))
        .replace(tzinfo=None)
    )


def minute_of_day(wall: datetime) -> int:
    """Minutes after midnight that the clock shows."""
    return wall.hour * 60 + wall.minute


def days_between(first: date, last: date) -> Iterator[date]:
    """Every date from ``first`` to ``last``, both included."""
    while first <= last:
        yield first
        first += DAY


def day_bounds(day: date, tz: str) -> tuple[datetime, datetime]:
    """The local day as UTC bounds; 23, 24 or 25 hours long."""
    return to_utc(day, 0, tz), to_utc(day + DAY, 0, tz)


def wish_windows(
    start: datetime,
    stop: datetime,
    tz: str,
    weekdays: frozenset[int] | None = None,
    minute_from: int = 0,
    minute_to: int = MINUTES_PER_DAY,
) -> list[tuple[datetime, datetime]]:
    """Stretches of ``[start, stop)`` (naive UTC) that satisfy a wish in wall time.

    :param weekdays: Monday is 0; None means any
    :param minute_from: minutes after midnight at which a visit may start
    :param minute_to: minutes after midnight by which it must have ended
    """
    if weekdays is None and (minute_from, minute_to) == (0, MINUTES_PER_DAY):
        return [(start, stop)]
    windows = []
    for day in days_between(to_wall(start, tz).date(), to_wall(stop, tz).date()):
        if weekdays is not None and day.weekday() not in weekdays:
            continue
        lower = max(start, to_utc(day, minute_from, tz))
        upper = min(stop, to_utc(day, minute_to, tz))
        if lower < upper:
            windows.append((lower, upper))
    return windows
