"""What is looked for, checked once and then never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from odoo.addons.clinic_base.tools.walltime import MINUTES_PER_DAY

Order = Literal["earliest", "compact", "preferred"]
ORDERS: tuple[Order, ...] = ("earliest", "compact", "preferred")
MAX_LIMIT = 1000
MAX_WAIT = 60  # minutes between the visits of a trip, unless more is allowed


@dataclass(frozen=True)
class Criteria:
    """Checked criteria of a search. Moments are naive UTC, lengths minutes.

    Empty tuples and None mean "any". ``wanted`` asks about exact starts, which is how
    booking applies the very rules that the search applies. ``group`` asks for a service
    that is given in sessions; the time of ``session_ids`` counts as free. ``any_room``
    looks beyond the room that the shift is planned in. ``max_wait`` is how long the
    patient waits between two visits of a trip at most. ``person`` stands for a patient
    whose card cannot be read yet. ``more`` holds the criteria of other modules.
    """

    service_ids: tuple[int, ...]
    start: datetime
    stop: datetime
    now: datetime
    patient_id: int | None = None
    specialist_ids: tuple[int, ...] = ()
    room_ids: tuple[int, ...] = ()
    department_ids: tuple[int, ...] = ()
    branch_ids: tuple[int, ...] = ()
    duration: int | None = None
    repeat: bool = False
    telemedicine: bool = False
    payment_source_id: int | None = None
    weekdays: frozenset[int] | None = None
    minute_from: int = 0
    minute_to: int = MINUTES_PER_DAY
    limit: int | None = 10
    order: Order = "earliest"
    step: int = 5
    prefer: "Preference | None" = None
    wanted: tuple[datetime, ...] = ()
    ignored_appointment_ids: tuple[int, ...] = field(default=())
    session_ids: tuple[int, ...] = ()
    group: bool = False
    any_room: bool = False
    overbook: bool = False
    public: bool = False
    max_wait: int = MAX_WAIT
    person: "Person | None" = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Preference:
    """An hour that suits the patient, in wall time: usually that of the last visit."""

    specialist_id: int | None
    weekday: int
    minute_of_day: int


@dataclass(frozen=True)
class Person:
    """What rules ask about somebody who has no visits."""

    birthdate: date | None
    sex: str | None
