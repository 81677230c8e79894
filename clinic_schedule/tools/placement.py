"""One answer of the search."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from . import packing


class Standing(NamedTuple):
    """Where a visit stood before it moved (naive UTC)."""

    start: datetime
    specialist_id: int


class Place(NamedTuple):
    """Where a visit can take place: a room and perhaps a device, with resources."""

    room_id: int | None
    room_resource_id: int | None
    device_id: int | None
    device_resource_id: int | None


@dataclass(frozen=True)
class Slot:
    """A start that can be booked. Moments are naive UTC, buffers minutes."""

    service_id: int
    specialist_id: int
    branch_id: int
    tz: str
    start: datetime
    stop: datetime
    known: bool
    buffer_before: int
    buffer_after: int
    free_from: datetime
    free_to: datetime
    places: tuple[Place, ...]
    beside: tuple[int, ...] = ()  # resources that are needed beside the specialist
    limits: tuple[tuple[int, int], ...] = ()  # daily limits that count it: id, maximum

    @classmethod
    def from_row(cls, row: dict) -> "Slot":
        """Slot of a row of :mod:`slot_query`."""
        places = tuple(Place(*place) for place in row["places"])
        limits = tuple(tuple(limit) for limit in row["limits"])
        beside = tuple(row["beside"])
        return cls(**{**row, "places": places, "beside": beside, "limits": limits})

    @property
    def place(self) -> Place | None:
        """The first choice of room; None for a visit by video."""
        return self.places[0] if self.places else None

    @property
    def placement(self) -> packing.Placement:
        """The visit inside the free gap of the specialist, in minutes."""
        taken_from = self.start - timedelta(minutes=self.buffer_before)
        taken_to = self.stop + timedelta(minutes=self.buffer_after)
        return packing.Placement(
            gap=_minutes(self.free_to - self.free_from),
            offset=_minutes(taken_from - self.free_from),
            length=_minutes(taken_to - taken_from),
        )


@dataclass(frozen=True)
class Run:
    """An unbroken stretch of possible starts, ``first`` and ``last`` included."""

    service_id: int
    specialist_id: int
    branch_id: int
    tz: str
    known: bool
    load: int
    first: datetime
    last: datetime
    minutes: int
    buffer_before: int
    buffer_after: int
    free_from: datetime
    free_to: datetime

    def get_placement(self, start: datetime) -> packing.Placement:
        """A visit at ``start`` inside the specialist's gap, in minutes."""
        return packing.Placement(
            gap=_minutes(self.free_to - self.free_from),
            offset=_minutes(start - self.free_from) - self.buffer_before,
            length=self.buffer_before + self.minutes + self.buffer_after,
        )


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
