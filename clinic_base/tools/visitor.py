"""What a visitor says of themselves: text in, checked values out."""

from __future__ import annotations

from datetime import date, datetime

MAX_NAME = 120
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


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
    if not 2 <= len(name) <= MAX_NAME or not name.isprintable():
        return None
    if any(c in name for c in "<>{}@/\\|%_*"):
        return None
    return name
