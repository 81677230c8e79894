"""What is looked for, checked once and then never changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import MINUTES_PER_DAY

Order = Literal["earliest", "compact", "preferred"]
ORDERS: tuple[Order, ...] = ("earliest", "compact", "preferred")
MAX_LIMIT = 1000
MAX_WAIT = 60  # minutes between the visits of a trip, unless more is allowed
PERIOD = timedelta(days=30)  # looked at unless its end is named
# What a client may say in a search; other modules add theirs.
KEYS = {
    "service_id",
    "services",
    "specialist_ids",
    "room_ids",
    "department_ids",
    "branch_ids",
    "patient_id",
    "date_from",
    "date_to",
    "duration",
    "repeat",
    "telemedicine",
    "payment_source_id",
    "weekdays",
    "hour_from",
    "hour_to",
    "limit",
    "order",
    "step",
    "prefer",
    "max_wait",
}
PREFERENCE_KEYS = {"specialist_id", "weekday", "hour"}
# Reads one criterion: the payload and the name of its value.
Reader = Callable[[Payload, str], Any]


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


def read_criteria(
    payload: Payload,
    settings: Any,
    now: datetime,
    more: Mapping[str, Reader],
    public: bool,
    **forced: Any,
) -> Criteria:
    """Checked criteria of what a client says.

    :param settings: steps and horizons of the engine that hold for the search
    :param now: the clock, in whole minutes (naive UTC)
    :param more: how criteria of other modules are read
    :param public: whether notice and horizon of the public site hold
    :param forced: fields of :class:`Criteria` that the engine sets itself
    :raises UserError: with what is wrong, in words
    """
    start = payload.get_moment("date_from") or now
    stop = payload.get_moment("date_to") or start + PERIOD
    if public:
        now += timedelta(minutes=settings.public_notice)
        stop = min(stop, now + timedelta(days=settings.public_horizon))
    values = {
        "start": max(start, now),
        "stop": min(stop, start + timedelta(days=settings.horizon)),
        "now": now,
        "patient_id": payload.get_id("patient_id"),
        "specialist_ids": payload.get_ids("specialist_ids"),
        "room_ids": payload.get_ids("room_ids"),
        "department_ids": payload.get_ids("department_ids"),
        "branch_ids": payload.get_ids("branch_ids"),
        "duration": payload.get_int("duration", 1, MINUTES_PER_DAY),
        "repeat": bool(payload.values.get("repeat")),
        "telemedicine": bool(payload.values.get("telemedicine")),
        "payment_source_id": payload.get_id("payment_source_id"),
        "weekdays": payload.get_weekdays(),
        "minute_from": payload.get_hour("hour_from", 0),
        "minute_to": payload.get_hour("hour_to", MINUTES_PER_DAY),
        "limit": payload.get_int("limit", 1, MAX_LIMIT) or 10,
        "order": payload.get_order(ORDERS),
        "step": payload.get_int("step", 1, 60) or max(settings.step, 1),
        "prefer": _read_preference(payload),
        "max_wait": payload.get_int("max_wait", 1, MINUTES_PER_DAY) or MAX_WAIT,
        "public": public,
        "more": {
            key: read(payload, key)
            for key, read in more.items()
            if payload.values.get(key)
        },
    }
    if "service_ids" not in forced:
        values["service_ids"] = payload.get_services()
    return Criteria(**{**values, **forced})


def _read_preference(payload: Payload) -> Preference | None:
    prefer = payload.values.get("prefer")
    if not prefer:
        return None
    wished = Payload(payload.env, prefer, PREFERENCE_KEYS)
    return Preference(
        specialist_id=wished.get_id("specialist_id"),
        weekday=wished.get_int("weekday", 0, 6) or 0,
        minute_of_day=wished.get_hour("hour", 0),
    )
