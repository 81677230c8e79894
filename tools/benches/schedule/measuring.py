"""Medians, statements and the form of a result."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

REPEATS = 5


def median(call: Callable[[], Any]) -> float:
    """Median of several calls in ms, after one that fills the caches."""
    call()
    times = []
    for _repeat in range(REPEATS):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def count_statements(env: Any, call: Callable[[], Any]) -> int:
    call()  # fills the caches of the registry, which live longer than a request
    before = env.cr.sql_log_count
    call()
    return env.cr.sql_log_count - before


def result(
    ident: str,
    what: str,
    value: float,
    unit: str,
    target: str,
    met: bool | None,
    how: str,
) -> dict[str, Any]:
    return {
        "id": ident,
        "what": what,
        "value": round(value, 1),
        "unit": unit,
        "target": target,
        "met": met,
        "how": how,
    }
