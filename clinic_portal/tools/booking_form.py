"""The form of a visitor who books: text in, checked values out."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

MAX_NAME = 120
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


class Slot(NamedTuple):
    """A chosen time; ids, and UTC text as the search returned it."""

    start: str
    specialist_id: int
    service_id: int
    room_id: int | None
    branch_id: int


def parse_slot(text: str) -> Slot | None:
    """Slot of a button's value ``start|specialist|service|room|branch``."""
    try:
        start, specialist, service, room, branch = text.split("|")
        datetime.strptime(start, "%Y-%m-%d %H:%M:%S")
        return Slot(
            start, int(specialist), int(service), int(room) or None, int(branch)
        )
    except ValueError:
        return None


def parse_birthdate(text: str, today: date) -> date | None:
    """Date of birth as typed or picked; None if it is no date of a living person."""
    for pattern in DATE_FORMATS:
        try:
            born = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        return born if date(1900, 1, 1) <= born <= today else None
    return None


def clean_name(text: str) -> str | None:
    """Name without spare spaces; None if empty, too long or not a name."""
    name = " ".join(text.split())
    if not 2 <= len(name) <= MAX_NAME or any(c in name for c in "<>{}@/\\|"):
        return None
    return name
