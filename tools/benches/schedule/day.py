"""S10: how much of a specialist's day is sold, compact against any start.

A day is simulated request by request. What places a visit is the product's own
ranking, ``clinic_schedule/tools/packing.py``; the search ranks in SQL by the same key,
which :func:`count_equal_rankings` compares on real days.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .measuring import result
from .world import Network

DAY = 480  # minutes
WISH = 180  # minutes in which a patient can come
STEP = 5
MIX = ((20, 0.30), (30, 0.40), (45, 0.15), (60, 0.15))
SHORTEST = 20
REQUESTS = 25  # a day: some 820 minutes asked for where 480 are to be had
CANCELLED = 0.10
DAYS = 1500
REGULARS = 0.70  # share of the day that standing visits take in the realistic clinic
NO_SHOWS = 0.05
USUAL_REQUESTS = 8  # a day on top of the regulars in the realistic clinic

Gap = tuple[int, int]


class Option(NamedTuple):
    """A possible start (minutes after opening) and the gap that it lies in."""

    start: int
    gap: Gap


Policy = Callable[[Sequence[Option], int, random.Random], Option]


@dataclass
class Day:
    """Visits of one specialist; times are minutes after opening."""

    visits: dict[int, int] = field(default_factory=dict)  # start: length

    def get_gaps(self) -> Iterator[Gap]:
        free_from = 0
        for start in sorted(self.visits):
            if start > free_from:
                yield free_from, start
            free_from = start + self.visits[start]
        if free_from < DAY:
            yield free_from, DAY

    def get_options(self, length: int, earliest: int, latest: int) -> list[Option]:
        """Starts on the step and at both ends of what is free, as the search offers."""
        options = []
        for gap in self.get_gaps():
            first = max(gap[0], earliest)
            last = min(gap[1], latest) - length
            if first <= last:
                on_step = range(first + -first % STEP, last + 1, STEP)
                options += [Option(at, gap) for at in {first, last, *on_step}]
        return sorted(options)

    @property
    def sold(self) -> int:
        """Minutes."""
        return sum(self.visits.values())


def choose_any(options: Sequence[Option], length: int, chance: random.Random) -> Option:
    """The patient picks among all starts that suit."""
    return chance.choice(options)


def choose_compact(
    options: Sequence[Option], length: int, chance: random.Random
) -> Option:
    """The patient takes the start that the product shows first."""
    from odoo.addons.clinic_schedule.tools import packing

    def rank(option: Option) -> tuple[int, ...]:
        placement = packing.Placement(
            gap=option.gap[1] - option.gap[0],
            offset=option.start - option.gap[0],
            length=length,
        )
        return (*_rank(placement, SHORTEST), option.start)

    return min(options, key=rank)


def simulate(
    policy: Policy, seed: int, regulars: float = 0, requests: int = REQUESTS
) -> int:
    """Minutes sold in one day.

    :param regulars: share of the day that standing visits take before the others ask
    :param requests: how many others ask, one after the other
    """
    chance = random.Random(seed)
    day = Day()
    for _try in range(REQUESTS):
        if day.sold >= regulars * DAY:
            break
        _ask(day, policy, chance)
    cancellations: dict[int, list[int]] = {}
    for number in range(requests):
        for start in cancellations.pop(number, ()):
            day.visits.pop(start, None)
        start = _ask(day, policy, chance)
        if start is not None and chance.random() < CANCELLED:
            cancellations.setdefault(chance.randint(number + 1, requests), []).append(
                start
            )
    return day.sold


def _ask(day: Day, policy: Policy, chance: random.Random) -> int | None:
    """One request: its start, or None if nothing suits."""
    lengths, weights = zip(*MIX, strict=True)
    [length] = chance.choices(lengths, weights)
    earliest = chance.randrange(0, DAY - WISH + 1, STEP)
    options = day.get_options(length, earliest, earliest + WISH)
    if not options:
        return None
    option = policy(options, length, chance)
    day.visits[option.start] = length
    return option.start


def _share(policy: Policy, **setting: Any) -> float:
    """Percent of the day that is sold, over all days."""
    sold = [simulate(policy, seed, **setting) for seed in range(DAYS)]
    return 100 * statistics.mean(sold) / DAY


def _rank(placement: Any, shortest: int) -> tuple[int, int, int]:
    """The compact order: slivers, then edges touched, then tightness."""
    from odoo.addons.clinic_schedule.tools import packing

    slivers = packing.slivers(placement, shortest)
    return slivers, -packing.edges(placement), placement.gap


def count_equal_rankings(world: Network, samples: int = 20) -> int:
    """Specialists whose week the search ranks in SQL as Python does here."""
    equal = 0
    for number in range(samples):
        criteria = world.criteria(1, 7, limit=1000, order="compact")
        criteria["specialist_ids"] = world.specialists[number].ids
        parsed = world.visits._get_criteria(criteria)
        slots = world.visits._find_slots(parsed)
        ranked = sorted(
            slots,
            key=lambda slot: (*_rank(slot.placement, 30), slot.start),
        )
        equal += [slot.start for slot in slots] == [slot.start for slot in ranked]
    return equal


def measure(world: Network, samples: int = 20) -> dict[str, Any]:
    """S10."""
    any_start, compact = _share(choose_any), _share(choose_compact)
    usual = {"regulars": REGULARS, "requests": USUAL_REQUESTS}
    usual_any, usual_compact = (
        (1 - NO_SHOWS) * _share(policy, **usual)
        for policy in (choose_any, choose_compact)
    )
    equal = count_equal_rankings(world, samples)
    return result(
        "S10",
        "share of the day sold, compact against any start",
        compact - any_start,
        "points",
        ">= 5 points more",
        compact - any_start >= 5 and equal == samples,
        f"{compact:.1f} % against {any_start:.1f} % over {DAYS} simulated days, 8 h,"
        f" overload, 3-hour wish, {CANCELLED:.0%} cancelled; a clinic with"
        f" {REGULARS:.0%} regulars and {NO_SHOWS:.0%} no-shows receives in"
        f" {usual_compact:.1f} % against {usual_any:.1f} % of its time; SQL ranks as"
        f" packing.py does on {equal} of {samples} samples",
    )
