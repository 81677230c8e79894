"""What a zone's clock does in the coming time, kept to notice when the law changes it.

Rules are a plain dict, fit for a Json field: ``{"tz", "first", "last", "offsets"}``,
dates in ISO form, offsets as pairs of the moment (UTC, ISO) from which the clock is so
many minutes ahead of UTC. Two readings of the same span are equal unless the time-zone
database, or the zone, has changed.
"""

from datetime import date, datetime, time
from typing import Any

from odoo.addons.clinic_base.tools.walltime import (
    DAY,
    MINUTE,
    minute_of_day,
    to_utc,
    to_wall,
)

Rules = dict[str, Any]


def read_rules(tz: str, first: date, last: date) -> Rules:
    """Rules of ``tz`` from the start of ``first`` to the end of ``last``, UTC days."""
    moment = datetime.combine(first, time.min)
    end = datetime.combine(last + DAY, time.min)
    offset = _get_offset(moment, tz)
    offsets = [[moment.isoformat(), offset]]
    while moment < end:
        if _get_offset(moment + DAY, tz) != offset:
            change = _find_change(moment, moment + DAY, tz)
            offset = _get_offset(change, tz)
            offsets.append([change.isoformat(), offset])
            moment = change
        else:
            moment += DAY
    return {"tz": tz, "first": str(first), "last": str(last), "offsets": offsets}


def read_again(rules: Rules, tz: str) -> Rules:
    """The same span as ``rules`` covers, as the database knows it now."""
    first, last = (date.fromisoformat(rules[key]) for key in ("first", "last"))
    return read_rules(tz, first, last)


def wall_by(rules: Rules, moment: datetime) -> datetime:
    """Naive wall time of ``moment`` (naive UTC) by rules that were read earlier."""
    offset = rules["offsets"][0][1]
    for since, minutes in rules["offsets"]:
        if datetime.fromisoformat(since) > moment:
            break
        offset = minutes
    return moment + offset * MINUTE


def keep_wall(rules: Rules, moment: datetime, tz: str) -> datetime:
    """Naive UTC at which the clock of ``tz`` now shows what it showed at ``moment``."""
    wall = wall_by(rules, moment)
    return to_utc(wall.date(), minute_of_day(wall), tz)


def _find_change(before: datetime, after: datetime, tz: str) -> datetime:
    """The minute in which the offset that holds ``before`` gives way."""
    offset = _get_offset(before, tz)
    while after - before > MINUTE:
        middle = before + (after - before) // (2 * MINUTE) * MINUTE
        if _get_offset(middle, tz) == offset:
            before = middle
        else:
            after = middle
    return after


def _get_offset(moment: datetime, tz: str) -> int:
    """Minutes that the clock is ahead of UTC."""
    return (to_wall(moment, tz) - moment) // MINUTE
