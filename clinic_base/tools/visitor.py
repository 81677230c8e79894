"""What a visitor says of themselves: text in, checked values out."""

from __future__ import annotations

from datetime import date

from .birthdates import read_birthdate
from .person_name import check_name

# A stranger's; the desk may write longer ones.
MAX_NAME = 120
OLDEST = date(1900, 1, 1)


def parse_birthdate(text: str, today: date) -> date | None:
    """Date of birth as typed or picked; None if it is no date of a living person."""
    try:
        born = read_birthdate(text, today)
    except ValueError:
        return None
    return born if born and born >= OLDEST else None


def clean_name(text: str) -> str | None:
    """Name without spare spaces; None if empty, too long or not a name."""
    try:
        name = check_name(text)
    except ValueError:
        return None
    if not 2 <= len(name) <= MAX_NAME or not name.isprintable():
        return None
    if any(c in name for c in "<>{}@/\\|%_*"):
        return None
    return name
