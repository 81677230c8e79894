"""A specialist's visits as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import pytz
import vobject

PRODUCT = "-//Clinic Suite//Schedule//EN"


class Entry(NamedTuple):
    """One visit. Moments are naive UTC; ``changed`` is when the visit last changed."""

    uid: str
    start: datetime
    stop: datetime
    changed: datetime
    summary: str


def get_calendar(name: str, entries: Iterable[Entry]) -> str:
    """Text of a calendar that says when, and of whom no more than ``summary``.

    All moments are UTC (``…Z``), which needs no time zone definition and is right over
    clock changes. The same entries give the same text.
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = PRODUCT
    calendar.add("method").value = "PUBLISH"
    calendar.add("x-wr-calname").value = name
    for entry in entries:
        event = calendar.add("vevent")
        event.add("uid").value = entry.uid
        event.add("dtstamp").value = _to_utc(entry.changed)
        event.add("last-modified").value = _to_utc(entry.changed)
        event.add("dtstart").value = _to_utc(entry.start)
        event.add("dtend").value = _to_utc(entry.stop)
        event.add("summary").value = entry.summary
        event.add("class").value = "PRIVATE"
        event.add("transp").value = "OPAQUE"
    return calendar.serialize()


def _to_utc(moment: datetime) -> datetime:
    # The library knows UTC by this very object.
    return moment.replace(microsecond=0, tzinfo=pytz.utc)
