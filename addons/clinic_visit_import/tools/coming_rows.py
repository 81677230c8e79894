"""Coming visits of a file: rows of a sheet, or events of a calendar.

A row names a patient by card number, and a specialist, a service and a branch by name.
``start`` is wall time of the branch unless it carries a zone. ``weeks`` makes the row a
standing visit: every so many weeks from ``start`` on, until ``until`` if that is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import vobject

from odoo.addons.clinic_base.tools.uploads import (
    UnreadableError,
    read_calendar_text,
    read_rule,
    read_sheet,
)

MAX_ROWS = 5000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
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
    """Rows of the first sheet; the titles of the first row are those of ``COLUMNS``.

    :raises TooLargeError, UnreadableError: see ``tools/uploads.py`` of clinic_base
    """
    rows = read_sheet(content, MAX_ROWS)
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
    service, the organizer's or the first attendee's common name the specialist.

    :raises TooLargeError, UnreadableError: see ``tools/uploads.py`` of clinic_base
    """
    text = read_calendar_text(content, MAX_ROWS)
    try:
        calendar = vobject.readOne(text)
    except Exception as error:
        # Whatever the library makes of a file that is none.
        raise UnreadableError("ics") from error
    for number, event in enumerate(calendar.contents.get("vevent", ()), 1):
        start = event.dtstart.value if hasattr(event, "dtstart") else None
        weeks, until = _read_rule(event, start)
        # A rule that is no standing visit is not taken for a single one.
        understood = isinstance(start, datetime) and weeks is not None
        yield ComingRow(
            number,
            card_number=_get_text(event, "summary"),
            specialist=_get_person(event),
            service=_get_text(event, "categories"),
            branch=_get_text(event, "location"),
            start=start if understood else None,
            minutes=_get_minutes(event, start),
            weeks=weeks or 0,
            until=until,
        )


def _read_rule(event: Any, start: date | None) -> tuple[int | None, date | None]:
    """(weeks from one visit to the next, last day); 0 weeks is a single visit.

    None weeks is a rule that is no standing visit: not weekly, or of other days than
    the first. The rule is read, never unrolled.
    """
    if not hasattr(event, "rrule") or not isinstance(start, datetime):
        return 0, None
    rule = read_rule(event.rrule.value)
    try:
        weeks, count = int(rule.get("INTERVAL", 1)), int(rule.get("COUNT", 0))
        until = rule.get("UNTIL")
        last = datetime.strptime(until[:8], "%Y%m%d").date() if until else None
        if count:
            last = start.date() + timedelta(weeks=weeks * (count - 1))
    except (ValueError, OverflowError):
        return None, None
    weekly = rule["FREQ"] == "WEEKLY" and weeks > 0 and count >= 0
    own_day = rule.get("BYDAY", WEEKDAYS[start.weekday()]) == WEEKDAYS[start.weekday()]
    if not weekly or not own_day or {"BYMONTH", "BYMONTHDAY"} & rule.keys():
        return None, None
    return weeks, last


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
