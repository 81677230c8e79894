"""Hours in which nobody is woken by a message, in the clock of the branch."""

from datetime import datetime

from .walltime import DAY, to_utc, to_wall


def quiet_until(
    moment: datetime, tz: str, hour_from: int, hour_to: int
) -> datetime | None:
    """End (naive UTC) of the quiet hours that ``moment`` (naive UTC) falls into.

    None outside of them. Equal hours mean that there are none; from 21 to 9 runs over
    midnight.
    """
    wall = to_wall(moment, tz)
    if hour_from < hour_to:
        quiet = hour_from <= wall.hour < hour_to
    else:
        quiet = hour_from != hour_to and not hour_to <= wall.hour < hour_from
    if not quiet:
        return None
    day = wall.date() if wall.hour < hour_to else wall.date() + DAY
    return to_utc(day, hour_to * 60, tz)
