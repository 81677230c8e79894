"""Stretches of time as half-open ``(start, stop)`` pairs; touching is no overlap."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans without overlaps; spans that touch become one."""
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if start >= stop:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def subtract(span: Span, cuts: Iterable[Span]) -> list[Span]:
    """What remains of ``span`` outside ``cuts``, in order."""
    start, stop = span
    rest: list[Span] = []
    for cut_start, cut_stop in merge(cuts):
        if cut_stop <= start or cut_start >= stop:
            continue
        if cut_start > start:
            rest.append((start, cut_start))
        start = max(start, cut_stop)
    if start < stop:
        rest.append((start, stop))
    return rest


def overlaps(one: Span, other: Span) -> bool:
    """Whether the two share any time."""
    return one[0] < other[1] and other[0] < one[1]
