"""Several services in one trip: one after another in one branch on one day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import NamedTuple

from odoo.addons.clinic_base.tools.walltime import MINUTE, to_wall

from .placement import Run

MAX_SERVICES = 4
STARTS_PER_DAY = 24


class Leg(NamedTuple):
    """One visit of a trip: any start of ``run``, here at ``start`` (naive UTC)."""

    run: Run
    start: datetime

    @property
    def stop(self) -> datetime:
        return self.start + self.run.minutes * MINUTE

    def earliest_after(self, other: Run) -> datetime:
        """When ``other`` may begin after this leg; one specialist keeps the buffers."""
        pause = 0
        if other.specialist_id == self.run.specialist_id:
            pause = self.run.buffer_after + other.buffer_before
        return self.stop + pause * MINUTE


class Trip(NamedTuple):
    """Legs in the order of time."""

    legs: tuple[Leg, ...]

    @property
    def waiting(self) -> int:
        """Minutes between the legs."""
        total = self.legs[-1].stop - self.legs[0].start
        busy = sum((leg.stop - leg.start for leg in self.legs), timedelta())
        return int((total - busy) / MINUTE)


def find_trips(
    runs: Sequence[Run], service_ids: Sequence[int], max_wait: int, limit: int
) -> list[Trip]:
    """The earliest trips that give all services, little waiting first among equals.

    :param max_wait: minutes between one leg and the next at most
    """
    days: dict[tuple, dict[int, list[Run]]] = {}
    for run in runs:
        key = (to_wall(run.first, run.tz).date(), run.branch_id)
        days.setdefault(key, {}).setdefault(run.service_id, []).append(run)
    trips: list[Trip] = []
    for _key, by_service in sorted(days.items()):
        if all(service_id in by_service for service_id in service_ids):
            trips.extend(_find_trips_of_day(by_service, service_ids, max_wait))
        if len(trips) >= limit:
            break
    trips.sort(key=lambda trip: (trip.legs[-1].stop, trip.waiting))
    return trips[:limit]


def _find_trips_of_day(
    by_service: dict[int, list[Run]], service_ids: Sequence[int], max_wait: int
) -> Iterator[Trip]:
    """The best trip for each first start of a day."""
    best: dict[datetime, Trip] = {}
    for order in set(permutations(service_ids)):
        for first in _get_first_legs(by_service[order[0]]):
            trip = _complete((first,), by_service, order[1:], max_wait)
            known = best.get(first.start)
            if trip and (not known or trip.waiting < known.waiting):
                best[first.start] = trip
    yield from (best[start] for start in sorted(best)[:STARTS_PER_DAY])


def _get_first_legs(runs: list[Run]) -> Iterator[Leg]:
    """Starts that are tried for a first leg: a visit's length apart, and the ends."""
    for run in runs:
        start = run.first
        while start < run.last:
            yield Leg(run, start)
            start += run.minutes * MINUTE
        yield Leg(run, run.last)


def _complete(
    legs: tuple[Leg, ...],
    by_service: dict[int, list[Run]],
    order: Sequence[int],
    max_wait: int,
) -> Trip | None:
    """``legs`` followed by the earliest legs for the services of ``order``."""
    if not order:
        return Trip(_tighten(legs))
    previous = legs[-1]
    options = []
    for run in by_service[order[0]]:
        start = max(run.first, previous.earliest_after(run))
        if start <= run.last and start - previous.stop <= max_wait * MINUTE:
            options.append(Leg(run, start))
    if not options:
        return None
    nearest = min(options, key=lambda leg: leg.stop)
    return _complete((*legs, nearest), by_service, order[1:], max_wait)


def _tighten(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The same legs with the earlier ones as late as the last one allows."""
    tight = [legs[-1]]
    for leg in reversed(legs[:-1]):
        following = tight[0]
        latest = following.start - (leg.earliest_after(following.run) - leg.start)
        tight.insert(0, leg._replace(start=min(leg.run.last, latest)))
    return tuple(tight)
