"""Where a stretch of time lies on the board: which of its days, which minutes."""

from datetime import date, datetime
from typing import NamedTuple

from odoo.addons.clinic_base.tools.walltime import (
    DAY,
    MINUTES_PER_DAY,
    minute_of_day,
    to_wall,
)


class Piece(NamedTuple):
    """Part of a stretch of time inside one day of the board."""

    day: int
    """Days after the board's first."""
    minute_from: int
    """Minutes after midnight, as the clock of the branch shows them."""
    minute_to: int


def cut_by_days(
    start: datetime, stop: datetime, tz: str, first: date, days: int
) -> list[Piece]:
    """``[start, stop)`` (naive UTC) as pieces of the board's days, clipped to them.

    Minutes are the clock's: where the clock is changed inside a visit, its piece is
    longer or shorter than the visit, as the axis beside it is.

    >>> cut_by_days(datetime(2026, 3, 2, 6), datetime(2026, 3, 2, 7), "Europe/Moscow",
    ...             date(2026, 3, 2), 1)
    [Piece(day=0, minute_from=540, minute_to=600)]
    """
    wall_start, wall_stop = to_wall(start, tz), to_wall(stop, tz)
    # An hour that the clock shows twice may put the end before the start.
    wall_stop = max(wall_start, wall_stop)
    pieces = []
    for number in range(days):
        day = first + number * DAY
        begins = minute_of_day(wall_start) if wall_start.date() == day else 0
        ends = minute_of_day(wall_stop) if wall_stop.date() == day else MINUTES_PER_DAY
        if wall_start.date() <= day <= wall_stop.date() and begins < ends:
            pieces.append(Piece(number, begins, ends))
    return pieces
