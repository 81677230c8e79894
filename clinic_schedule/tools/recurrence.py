"""Standing hours: the same weekday and minute of the wall clock, every n weeks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from odoo.addons.clinic_base.tools.walltime import MINUTE, minute_of_day, to_wall

from . import packing
from .placement import Run


@dataclass
class StandingHour:
    """An hour of the week and the dates on which it is free. Times are wall time."""

    specialist_id: int
    branch_id: int
    weekday: int
    minute_of_day: int
    free: set[date] = field(default_factory=set)
    slivers: int = 0
    edges: int = 0
    gap: int = 0

    def add(self, day: date, placement: packing.Placement, shortest: int) -> None:
        """Count ``day`` as free, with how the visit would stand in its gap."""
        if day not in self.free:
            self.free.add(day)
            self.slivers += packing.slivers(placement, shortest)
            self.edges += packing.edges(placement)
            self.gap += placement.gap

    @property
    def rank_key(self) -> tuple:
        """Most free dates first, then the order of the compact ranking."""
        count = len(self.free)
        return (
            -count,
            self.slivers / count,
            -self.edges / count,
            self.gap / count,
            self.weekday,
            self.minute_of_day,
            self.specialist_id,
        )


def get_dates(
    weekday: int, first: date, last: date, interval_weeks: int = 1
) -> Iterator[date]:
    """Dates of a weekday from ``first`` to ``last``, every n weeks from the first."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(weeks=interval_weeks)


def get_standing_hours(
    runs: Iterable[Run], first: date, last: date, interval_weeks: int, step: int
) -> list[StandingHour]:
    """Every hour of the week that is free on some date, best first.

    :param runs: stretches of possible starts between the two dates
    :param step: minutes between offered hours; ends of gaps are offered too
    """
    wanted = {
        weekday: set(get_dates(weekday, first, last, interval_weeks))
        for weekday in range(7)
    }
    days = defaultdict(list)
    for run in runs:
        wall = to_wall(run.first, run.tz)
        if wall.date() in wanted[wall.weekday()]:
            key = (run.specialist_id, run.branch_id, wall.weekday())
            days[key].append((wall.date(), minute_of_day(wall), run))
    hours: list[StandingHour] = []
    for key, found in days.items():
        hours.extend(_get_hours_of_weekday(key, found, step))
    return sorted(hours, key=lambda hour: hour.rank_key)


def _get_hours_of_weekday(
    key: tuple[int, int, int], found: list[tuple[date, int, Run]], step: int
) -> Iterable[StandingHour]:
    """Hours of one specialist, branch and weekday."""
    spans = [
        (day, lowest, lowest + int((run.last - run.first) / MINUTE), run)
        for day, lowest, run in found
    ]
    minutes = {minute for _day, low, high, _run in spans for minute in (low, high)}
    for _day, low, high, _run in spans:
        minutes.update(range(low + -low % step, high + 1, step))
    hours = {minute: StandingHour(*key, minute) for minute in minutes}
    ordered = sorted(minutes)
    for day, low, high, run in spans:
        for minute in ordered:
            if low <= minute <= high:
                start = run.first + timedelta(minutes=minute - low)
                hours[minute].add(day, run.get_placement(start), run.minutes)
    return hours.values()


def nearest_start(runs: Iterable[Run], wanted: datetime) -> datetime | None:
    """The possible start that is nearest to ``wanted`` (naive UTC)."""
    nearest = (min(max(wanted, run.first), run.last) for run in runs)
    return min(nearest, key=lambda start: abs(start - wanted), default=None)
