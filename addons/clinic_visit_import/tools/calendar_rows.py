"""Events of a calendar (RFC 5545) as visits: booked as meant, or refused by name.

The calendar is read by ``icalendar``, and what repeats is unrolled by
``recurring-ical-events``: exceptions, added and moved dates, cancelled ones, counts and
ends are theirs. Here it is only told apart what is a standing visit and what is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice, takewhile
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event

from odoo.addons.clinic_base.tools.file_text import guess_encoding
from odoo.addons.clinic_base.tools.letters import clean
from odoo.addons.clinic_base.tools.uploads import (
    UnreadableError,
    check,
    read_calendar_text,
)

from .coming_rows import MAX_ROWS, ComingRow, Standing

# Of an endless rule so much is looked at; of one with an end so many dates at most.
HORIZON = timedelta(days=730)
MOST_DATES = 600
# A rule is followed from its beginning on, which may lie in the year 1.
OLDEST = timedelta(days=20 * 365)
# More single visits of one event are no course of treatment any more.
MOST_SINGLES = 100
LONGEST = timedelta(hours=24)
# Rules of these parts repeat at the same day of the week.
WEEKLY_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OTHERS = ("VTODO", "VJOURNAL")


def read_ics(content: bytes, now: datetime) -> Iterator[ComingRow]:
    """Events: the summary is the card number or the name, the location the branch,
    categories the service; the organizer's or the first attendee's common name, else
    the calendar's, the specialist.

    :param now: naive UTC; what has been before is told as past
    :raises TooLargeError, UnreadableError: see ``tools/uploads.py`` of clinic_base
    """
    check(content)
    # Calendars are UTF-8; programs older than that write as their Windows does.
    written = content.decode(guess_encoding(content), errors="replace")
    text = read_calendar_text(written.encode(), MAX_ROWS)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except Exception as error:
        # Whatever the library makes of a file that is none.
        raise UnreadableError("ics") from error
    number = 0
    for calendar in calendars:
        for event, changed, problem in _group(calendar):
            number += 1
            row = ComingRow(number, clean(str(event.get("SUMMARY") or "")), "", "", "")
            try:
                yield _read_event(row, problem, calendar, event, changed, now)
            except Exception:
                # Properties are read where they are asked for: one is no value at all.
                yield row._replace(problem="broken")


def _group(calendar: Calendar) -> Iterator[tuple[Event, list[Event], str]]:
    """(event, its changed dates, why it does not count); each event once."""
    groups: dict[str, list[Event]] = {}
    for place, component in enumerate(calendar.walk()):
        if component.name in ("VEVENT", *OTHERS):
            uid = str(component.get("UID") or f"without {place}")
            groups.setdefault(f"{component.name} {uid}", []).append(component)
    for components in groups.values():
        changed = [one for one in components if "RECURRENCE-ID" in one]
        masters = [one for one in components if "RECURRENCE-ID" not in one]
        if not masters:
            # Dates of a series that somebody was invited to without the others.
            yield from ((one, [], "") for one in changed)
        else:
            yield from _tell_apart(masters, changed)


def _tell_apart(masters: list[Event], changed: list[Event]):
    """Events of one UID: versions of one, of which the last counts, or several of a
    program that gives all of them the same."""
    masters = sorted(masters, key=_get_version)
    *earlier, last = masters
    contents = {_get_content(one) for one in masters}
    versions = len({_get_version(one) for one in masters})
    if len(contents) == 1 or versions == len(masters):
        yield from ((one, [], "replaced") for one in earlier)
        yield last, changed, ""
    elif changed or versions > 1:
        yield from ((one, [], "same_uid") for one in masters)
    else:
        seen: set[tuple] = set()
        for one in masters:
            content = _get_content(one)
            yield one, [], "replaced" if content in seen else ""
            seen.add(content)


def _get_version(event: Event) -> tuple[int, str]:
    """Sent again with a higher number, or changed later, an event replaces itself."""
    number = str(event.get("SEQUENCE") or "")
    moment = event.get("LAST-MODIFIED") or event.get("DTSTAMP")
    return (
        int(number) if number.isdecimal() else 0,
        moment.to_ical().decode() if hasattr(moment, "to_ical") else "",
    )


def _get_content(event: Event) -> tuple[str, ...]:
    names = ("SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "LOCATION")
    return tuple(str(event.get(name)) for name in names)


def _read_event(row, problem, calendar, event, changed, now) -> ComingRow:
    row = row._replace(
        specialist=_get_person(event) or clean(str(calendar.get("X-WR-CALNAME") or "")),
        service=_get_category(event),
        branch=clean(str(event.get("LOCATION") or "")),
    )
    if problem := problem or _find_problem(calendar, event):
        return row._replace(problem=problem)
    if any(_says_otherwise(event, one) for one in changed):
        return row._replace(problem="changed_date")
    try:
        return _unroll(row, calendar, event, changed, now)
    except Exception:
        # A rule that the library cannot follow is no visit that can be booked.
        return row._replace(problem="rule", detail=_get_rule_text(event))


def _find_problem(calendar: Calendar, event: Event) -> str:
    if event.name != "VEVENT":
        return "no_event"
    status = str(event.get("STATUS") or "").upper()
    if status == "CANCELLED" or str(calendar.get("METHOD") or "").upper() == "CANCEL":
        return "cancelled"
    if _is_free(event):
        return "free"
    if _is_declined(event):
        return "declined"
    start = getattr(event.get("DTSTART"), "dt", None)
    if start is None:
        return "start"
    if not isinstance(start, datetime):
        return "all_day"
    if event["DTSTART"].params.get("TZID") and not start.tzinfo:
        return "zone"
    length = _get_length(event)
    if length < timedelta(0) or length > LONGEST:
        return "length"
    rules = event.get("RRULE")
    if isinstance(rules, list) or "EXRULE" in event:
        return "rules"
    if any(not isinstance(day, datetime | tuple) for day in _get_added(event)):
        return "added_day"
    return ""


def _is_free(event: Event) -> bool:
    """Shown as free; Outlook may say it by a word of its own alone."""
    busy = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS") or "").upper()
    return str(event.get("TRANSP") or "").upper() == "TRANSPARENT" or busy == "FREE"


def _is_declined(event: Event) -> bool:
    """Whether the only one who was asked has said no."""
    found = event.get("ATTENDEE")
    people = found if isinstance(found, list) else [found] if found else []
    answers = {str(one.params.get("PARTSTAT") or "").upper() for one in people}
    return answers == {"DECLINED"}


def _get_added(event: Event) -> list[Any]:
    found = event.get("RDATE") or []
    lists = found if isinstance(found, list) else [found]
    return [one.dt for dates in lists for one in dates.dts]


def _unroll(row, calendar, event, changed, now) -> ComingRow:
    length = _get_minutes(event)
    rule = _end_with_day(event)
    endless = bool(rule) and not (rule.get("COUNT") or rule.get("UNTIL"))
    weekly = (
        str((rule.get("FREQ") or [""])[0]).upper() == "WEEKLY"
        and set(map(str.upper, rule)) <= WEEKLY_PARTS
        and all(str(day)[-2:] == str(day) for day in rule.get("BYDAY") or ())
    )
    ancient = event["DTSTART"].dt.replace(tzinfo=None) < now - OLDEST
    if (
        (endless and not weekly)
        or (rule and ancient)
        or not _begins_by_rule(event, rule)
    ):
        return row._replace(problem="rule", detail=_get_rule_text(event))
    starts = _find_starts(calendar, event, changed, now, endless)
    if len(starts) >= MOST_DATES:
        return row._replace(problem="rule", detail=_get_rule_text(event))
    if not starts:
        return row._replace(problem="past", detail=_show(event["DTSTART"].dt))
    row = row._replace(minutes=length)
    interval = int((rule.get("INTERVAL") or [1])[0])
    if weekly:
        standing, singles = _find_standing(event, starts, interval, endless)
    else:
        standing, singles = (), starts
    if len(singles) > MOST_SINGLES:
        return row._replace(problem="rule", detail=_get_rule_text(event))
    return row._replace(
        standing=tuple(standing),
        singles=tuple(
            (start, 0 if minutes == length else minutes) for start, minutes in singles
        ),
    )


def _end_with_day(event: Event) -> Any:
    """The rule of ``event``, in which a last day without an hour is all of that day,
    as calendars show it."""
    rule = event.get("RRULE") or {}
    last = (rule.get("UNTIL") or [None])[0]
    if isinstance(last, date) and not isinstance(last, datetime):
        end = datetime.combine(last, time(23, 59, 59), event["DTSTART"].dt.tzinfo)
        rule["UNTIL"] = [end.astimezone(timezone.utc) if end.tzinfo else end]
    return rule


def _begins_by_rule(event: Event, rule: Any) -> bool:
    """Whether the first date is one of the rule's; else what it means is undefined
    (RFC 5545, 3.8.5.3)."""
    start = event["DTSTART"].dt
    days = {str(day)[-2:] for day in rule.get("BYDAY") or ()}
    dates = {int(day) for day in rule.get("BYMONTHDAY") or () if int(day) > 0}
    months = {int(month) for month in rule.get("BYMONTH") or ()}
    return (
        (not days or WEEKDAYS[start.weekday()] in days)
        and (not dates or start.day in dates)
        and (not months or start.month in months)
    )


def _find_starts(calendar, event, changed, now, endless) -> list[tuple[datetime, int]]:
    """(start, minutes) of every date from ``now`` on that is not called off."""
    mini = Calendar()
    for name in ("PRODID", "VERSION", "X-WR-TIMEZONE"):
        if name in calendar:
            mini.add(name, calendar[name])
    for zone in calendar.walk("VTIMEZONE"):
        mini.add_component(zone)
    for component in (event, *changed):
        mini.add_component(component)
    since = now.replace(tzinfo=timezone.utc)
    coming = recurring_ical_events.of(mini, skip_bad_series=False).after(since)
    found = islice(coming, MOST_DATES)
    if endless:
        found = takewhile(lambda one: _get_moment(one) <= since + HORIZON, found)
    dates = [
        (one["DTSTART"].dt, _get_minutes(one))
        for one in found
        if str(one.get("STATUS") or "").upper() != "CANCELLED"
    ]
    return sorted(
        (
            (start, minutes)
            for start, minutes in dates
            if isinstance(start, datetime) and _is_coming(start, now)
        ),
        key=lambda one: one[0],
    )


def _get_moment(event: Event) -> datetime:
    start = event["DTSTART"].dt
    return start if start.tzinfo else start.replace(tzinfo=timezone.utc)


def _is_coming(start: datetime, now: datetime) -> bool:
    """Floating time is taken for the branch's: a day's doubt is left to the engine."""
    if start.tzinfo:
        return start >= now.replace(tzinfo=timezone.utc)
    return start >= now - timedelta(days=1)


def _find_standing(event, starts, interval, endless):
    """Weekly hours with their gaps, and the dates that are otherwise."""
    first = event["DTSTART"].dt
    length = _get_minutes(event)
    by_weekday: dict[int, list[datetime]] = defaultdict(list)
    singles = []
    for start, minutes in starts:
        # A calendar's own zone stands for UTC in which it has written the event.
        clock = first.astimezone(start.tzinfo) if start.tzinfo else first
        if start.time() == clock.time() and minutes == length:
            by_weekday[start.weekday()].append(start)
        else:
            singles.append((start, minutes))
    standing = []
    for dates in by_weekday.values():
        step = timedelta(weeks=interval)
        if len(dates) == 1 and not endless:
            singles.append((dates[0], length))
            continue
        last = dates[-1].date()
        days = {start.date() for start in dates}
        grid = [
            dates[0].date() + step * n
            for n in range(1 + (last - dates[0].date()) // step)
        ]
        if not days <= set(grid):
            # An added date of another week.
            singles += [(start, length) for start in dates if start.date() not in grid]
        skip = tuple(day for day in grid if day not in days)
        standing.append(Standing(dates[0], interval, None if endless else last, skip))
    return sorted(standing), sorted(singles)


def _says_otherwise(event: Event, changed: Event) -> bool:
    """Whether one date of a series is another patient's, or with somebody else, or
    takes no time."""
    return (
        any(
            name in changed and str(changed.get(name)) != str(event.get(name))
            for name in ("SUMMARY", "LOCATION")
        )
        or _is_free(changed)
        or any(
            (read(changed) or read(event)) != read(event)
            for read in (_get_category, _get_person)
        )
    )


def _get_length(event: Event) -> timedelta:
    start = event["DTSTART"].dt
    if end := event.get("DTEND"):
        stop = end.dt
        if not isinstance(stop, datetime):
            stop = datetime.combine(stop, time(), start.tzinfo)
        return stop - start
    duration = event.get("DURATION")
    return duration.dt if duration is not None else timedelta(0)


def _get_minutes(event: Event) -> int:
    return int(_get_length(event).total_seconds() // 60)


def _get_category(event: Event) -> str:
    found = event.get("CATEGORIES")
    for one in found if isinstance(found, list) else [found]:
        names = [clean(str(name)) for name in getattr(one, "cats", None) or ()]
        if names:
            return names[0]
    return ""


def _get_person(event: Event) -> str:
    for name in ("ORGANIZER", "ATTENDEE"):
        found = event.get(name)
        one = found[0] if isinstance(found, list) and found else found
        title = clean(str(getattr(one, "params", {}).get("CN") or ""))
        if title and "@" not in title:
            return title
    return ""


def _get_rule_text(event: Event) -> str:
    rule: Any = event.get("RRULE")
    return rule.to_ical().decode() if rule is not None else ""


def _show(moment: date) -> str:
    return f"{moment:%d.%m.%Y %H:%M}"
