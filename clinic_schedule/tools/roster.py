"""From weekly patterns to shifts: pure, in wall time, resolved to UTC day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.clinic_base.tools.spans import Span, overlaps, subtract
from odoo.addons.clinic_base.tools.walltime import days_between, to_utc


@dataclass(frozen=True)
class Pattern:
    """Receives every ``interval_weeks`` weeks on ``weekday`` between two dates.

    Minutes are counted from midnight of the day; ``minute_to`` may pass 24:00.
    Weeks are counted from the Monday of the week of ``date_from``.
    """

    id: int
    weekday: int
    minute_from: int
    minute_to: int
    date_from: date
    date_to: date | None
    interval_weeks: int
    tz: str
    on_holidays: bool = False


@dataclass(frozen=True)
class Calendar:
    """Days of a branch that are not what their date says."""

    holidays: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    like: tuple[tuple[date, int], ...] = ()

    def get_weekday(self, day: date, on_holidays: bool) -> int | None:
        """The weekday that ``day`` works like; None if nobody works."""
        if day in self.closed:
            return None
        moved = dict(self.like).get(day)
        if moved is not None:
            return moved
        if day in self.holidays and day not in self.open and not on_holidays:
            return None
        return day.weekday()


def get_days(
    pattern: Pattern, first: date, last: date, calendar: Calendar
) -> Iterator[date]:
    """Dates between ``first`` and ``last`` (included) on which the pattern works."""
    first = max(first, pattern.date_from)
    last = min(last, pattern.date_to or last)
    anchor = pattern.date_from - timedelta(days=pattern.date_from.weekday())
    for day in days_between(first, last):
        week = (day - anchor).days // 7
        if week % pattern.interval_weeks:
            continue
        if calendar.get_weekday(day, pattern.on_holidays) == pattern.weekday:
            yield day


def get_span(pattern: Pattern, day: date) -> Span:
    """The pattern's hours on ``day`` in UTC; empty if a clock change eats them."""
    return (
        to_utc(day, pattern.minute_from, pattern.tz),
        to_utc(day, pattern.minute_to, pattern.tz),
    )


def plan(
    pattern: Pattern,
    first: date,
    last: date,
    calendar: Calendar,
    cuts: Iterable[Span],
) -> dict[date, list[Span]]:
    """What remains of each working day after ``cuts`` (leaves, closures)."""
    cuts = list(cuts)
    planned = {}
    for day in get_days(pattern, first, last, calendar):
        span = get_span(pattern, day)
        near = [cut for cut in cuts if overlaps(cut, span)]
        planned[day] = subtract(span, near)
    return planned
