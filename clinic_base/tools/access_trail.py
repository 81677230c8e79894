"""What one request, or one transaction outside a request, did to medical records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

_unnoted: ContextVar[bool] = ContextVar("clinic_unnoted", default=False)


@contextmanager
def unnoted() -> Iterator[None]:
    """For what the program looks at to word a refusal, and hands to nobody."""
    token = _unnoted.set(True)
    try:
        yield
    finally:
        _unnoted.reset(token)


class TrailKey(NamedTuple):
    model: str
    operation: str
    job: str | None


@dataclass
class TrailEntry:
    record_ids: set[int] = field(default_factory=set)
    patient_ids: set[int] = field(default_factory=set)


class AccessTrail:
    """Collects until asked; what was handed out once is never handed out again.

    So a request that Odoo runs a second time is logged once, and still keeps the trace
    of a first run that was rolled back.
    """

    def __init__(self) -> None:
        self._pending: dict[TrailKey, TrailEntry] = {}
        self._taken: dict[TrailKey, TrailEntry] = {}

    def note(self, key: TrailKey, record_ids: set[int], patient_ids: set[int]) -> None:
        """Add records to what ``key`` has touched."""
        if _unnoted.get():
            return
        taken = self._taken.get(key)
        fresh = record_ids - taken.record_ids if taken else record_ids
        if taken and not fresh:
            return
        entry = self._pending.setdefault(key, TrailEntry())
        entry.record_ids |= fresh
        entry.patient_ids |= patient_ids

    def take(self) -> dict[TrailKey, TrailEntry]:
        """What has not been handed out yet."""
        pending, self._pending = self._pending, {}
        return pending

    def confirm(self, entries: dict[TrailKey, TrailEntry]) -> None:
        """``entries`` are written."""
        for key, entry in entries.items():
            taken = self._taken.setdefault(key, TrailEntry())
            taken.record_ids |= entry.record_ids
            taken.patient_ids |= entry.patient_ids
