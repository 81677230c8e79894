"""The form of a visitor who books: text in, checked values out."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

MAX_ID = 2**31 - 1
YEARS = range(2000, 2200)


class Slot(NamedTuple):
    """A chosen time; ids, and UTC text as the search returned it."""

    start: str
    specialist_id: int
    service_id: int
    room_id: int | None
    branch_id: int

    @property
    def text(self) -> str:
        """The button's value, as :func:`parse_slot` reads it."""
        return "|".join(str(part or 0) for part in self)


class Form(NamedTuple):
    """What a visitor has sent: a time, details of the person, and who sent it.

    ``details`` are empty for a signed-in patient; ``key`` is that of
    :func:`get_form_key`; ``token`` is what another page of the
    site gave the visitor on the way.
    """

    slot: Slot
    details: dict
    key: str
    token: str


def parse_slot(text: str) -> Slot | None:
    """Slot of a button's value ``start|specialist|service|room|branch``."""
    try:
        start, specialist, service, room, branch = text.split("|")
        year = datetime.strptime(start, "%Y-%m-%d %H:%M:%S").year
        ids = [int(part) for part in (specialist, service, room, branch)]
    except ValueError:
        return None
    if year not in YEARS or not all(0 <= one <= MAX_ID for one in ids):
        return None
    specialist_id, service_id, room_id, branch_id = ids
    return Slot(start, specialist_id, service_id, room_id or None, branch_id)


def get_form_key(secret: str, slot: Slot, *who: object) -> str:
    """Key of a form: the same when the same browser sends the same form again.

    :param secret: what only this browser's session knows
    :param who: what tells one patient from another
    """
    parts = (secret, slot.start, slot.specialist_id, slot.service_id, *who)
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()


def drop_unprintable(text: str) -> str:
    """Text without what nobody types, such as the zero byte."""
    return "".join(char for char in text if char.isprintable())
