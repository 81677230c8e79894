"""Until when a visit has to be paid, and what a late cancellation costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

# A patient gets at least so long from being told to the loss of the time.
GRACE = timedelta(hours=2)
STEP = timedelta(minutes=30)


def get_deadline(
    now: datetime,
    start: datetime,
    ahead: timedelta,
    quiet_until: Callable[[datetime], datetime | None],
) -> datetime:
    """Moment by which a visit at ``start`` has to be paid; all in naive UTC.

    ``ahead`` of the visit, yet never sooner than two hours from ``now``, never at night
    and never after the visit has begun.

    :param quiet_until: end of the night that a moment falls into, or None by day
    """
    earliest = now + GRACE
    due = max(start - ahead, earliest)
    if not quiet_until(due):
        return min(due, start)
    evening = due
    while quiet_until(evening):
        evening -= STEP
    if evening >= earliest:
        return min(evening, start)
    return min(quiet_until(due) or due, start)


def is_late(now: datetime, start: datetime, notice: timedelta) -> bool:
    """Whether a visit at ``start`` is given up too late at ``now``; naive UTC.

    Without a notice (zero) nothing is late.
    """
    return bool(notice) and start - now < notice
