"""Coming visits of a file: rows of a sheet, or events of a calendar.

A row names a patient by card number, and a specialist, a service and a branch by name.
``start`` is wall time of the branch unless it carries a zone. ``weeks`` makes the row a
standing visit: every so many weeks from ``start`` on, until ``until`` if that is given.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import openpyxl
import vobject
from dateutil.rrule import WEEKLY, rrulestr

COLUMNS = (
    "card_number",
    "specialist",
    "service",
    "branch",
    "start",
    "minutes",
    "weeks",
    "until",
)
FORMATS = ("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M")


class ComingRow(NamedTuple):
    """A visit or a standing visit as the file says; None where it says nothing."""

    number: int
    card_number: str
    specialist: str
    service: str
    branch: str
    start: datetime | None
    minutes: int
    weeks: int
    until: date | None


def read_xlsx(content: bytes) -> Iterator[ComingRow]:
    """Rows of the first sheet; the titles of the first row are those of ``COLUMNS``."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    titles = [str(title or "").strip().lower() for title in next(rows, ())]
    for number, values in enumerate(rows, 2):
        named = dict(zip(titles, values))
        if any(value is not None for value in values):
            yield ComingRow(
                number,
                *(str(named.get(name) or "").strip() for name in COLUMNS[:4]),
                start=_parse_moment(named.get("start")),
                minutes=_parse_number(named.get("minutes")),
                weeks=_parse_number(named.get("weeks")),
                until=_parse_day(named.get("until")),
            )


def read_ics(content: bytes) -> Iterator[ComingRow]:
    """Events: the summary is the card number, the location the branch, categories the
    service, the organizer's or the first attendee's common name the specialist."""
    calendar = vobject.readOne(content.decode("utf-8"))
    for number, event in enumerate(calendar.contents.get("vevent", ()), 1):
        start = event.dtstart.value
        weeks, until = _read_rule(event, start)
        yield ComingRow(
            number,
            card_number=_get_text(event, "summary"),
            specialist=_get_person(event),
            service=_get_text(event, "categories"),
            branch=_get_text(event, "location"),
            start=start if isinstance(start, datetime) else None,
            minutes=_get_minutes(event, start),
            weeks=weeks,
            until=until,
        )


def _read_rule(event: Any, start: date) -> tuple[int, date | None]:
    if not hasattr(event, "rrule") or not isinstance(start, datetime):
        return 0, None
    rule = rrulestr(event.rrule.value, dtstart=start)
    if rule._freq != WEEKLY:
        return 0, None
    last = rule[-1].date() if rule._count or rule._until else None
    return rule._interval, last


def _get_minutes(event: Any, start: date) -> int:
    if hasattr(event, "dtend") and isinstance(start, datetime):
        return int((event.dtend.value - start).total_seconds() // 60)
    if hasattr(event, "duration"):
        return int(event.duration.value.total_seconds() // 60)
    return 0


def _get_text(event: Any, name: str) -> str:
    value = getattr(event, name).value if hasattr(event, name) else ""
    return (value[0] if isinstance(value, list) else str(value)).strip()


def _get_person(event: Any) -> str:
    for name in ("organizer", "attendee"):
        if hasattr(event, name) and (names := getattr(event, name).params.get("CN")):
            return names[0].strip()
    return ""


def _parse_moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    for form in FORMATS:
        try:
            return datetime.strptime(str(value or "").strip(), form)
        except ValueError:
            continue
    return None


def _parse_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(str(value or "").strip())
    except ValueError:
        return None


def _parse_number(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0
