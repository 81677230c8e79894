"""Where visits go in free time; no records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
GRID = 5


class Offer(NamedTuple):
    """A service as a specialist gives it, in minutes."""

    service_id: int
    minutes: int
    before: int
    after: int
    remote: bool = False  # may be given by video too

    @property
    def whole(self) -> int:
        return self.before + self.minutes + self.after


class Placed(NamedTuple):
    """A visit without its patient; naive UTC."""

    offer: Offer
    start: datetime
    stop: datetime


def free_spans(
    start: datetime, stop: datetime, busy: Sequence[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """What is left of a stretch when ``busy`` ones, sorted by start, are cut out.

    >>> nine, ten, noon = (datetime(2026, 1, 1, hour) for hour in (9, 10, 12))
    >>> free_spans(nine, noon, [(ten, noon)]) == [(nine, ten)]
    True
    """
    spans, cursor = [], start
    for busy_start, busy_stop in busy:
        if busy_start > cursor:
            spans.append((cursor, min(busy_start, stop)))
        cursor = max(cursor, busy_stop)
        if cursor >= stop:
            return spans
    return [*spans, (cursor, stop)]


def fill(
    spans: Sequence[tuple[datetime, datetime]],
    offers: Sequence[Offer],
    share: float,
    chance: Random,
) -> Iterator[Placed]:
    """Visits back to back in ``spans``, about ``share`` of which is taken.

    The first of ``offers`` is given as often as all others together.
    """
    for start, stop in spans:
        cursor = _ceil(start)
        while True:
            offer = offers[0] if chance.random() < 0.5 else chance.choice(offers)
            end = cursor + offer.whole * MINUTE
            if end > stop:
                shorter = [one for one in offers if cursor + one.whole * MINUTE <= stop]
                if not shorter:
                    break
                offer = shorter[0]
                end = cursor + offer.whole * MINUTE
            if chance.random() < share:
                begin = cursor + offer.before * MINUTE
                yield Placed(offer, begin, begin + offer.minutes * MINUTE)
            cursor = _ceil(end)


def _ceil(moment: datetime) -> datetime:
    """The first mark of the grid that is not before ``moment``."""
    past = timedelta(
        minutes=moment.minute % GRID,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment + (GRID * MINUTE - past if past else timedelta(0))
