"""How a file is cut into batches, and several of them are written at a time.

Cutting and checking rows keeps one processor busy while the database writes with
others; nothing here knows a database.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from .patient_rows import Reader, Reject

Item = TypeVar("Item")


class Batch(NamedTuple):
    """Rows as CSV, and rejects; bytes of the file where they start and end, and the
    line that follows."""

    good: str
    bad: list[Reject]
    start: int
    offset: int
    line: int


def read_batch(
    reader: Reader, rows: int, recent: Iterable[set[tuple[str, ...]]] = ()
) -> tuple[Batch, set[tuple[str, ...]]]:
    """The next ``rows`` records, fewer at the end of the file, and their keys.

    Of rows that are the same person, or bear the same number, the first is taken.

    :param recent: keys of earlier batches, which the database may not show yet
    """
    good, bad = io.StringIO(), []
    writer = csv.writer(good)
    seen: set[tuple[str, ...]] = set()
    start = reader.offset
    for count, item in enumerate(reader, 1):
        if isinstance(item, Reject):
            bad.append(item)
        elif all(keys.isdisjoint(item.get_rival_keys()) for keys in (seen, *recent)):
            seen.update(item.get_keys())
            writer.writerow(item)
        else:
            bad.append(Reject(item.line, "known", item.text))
        if count >= rows:
            break
    return Batch(good.getvalue(), bad, start, reader.offset, reader.line), seen


def read_batches(reader: Reader, rows: int, size: int, jobs: int) -> Iterator[Batch]:
    """Batches up to byte ``size``, at least one, for ``jobs`` of them at a time.

    A row is compared with its own batch, and with those that may not be committed yet
    when it is written.
    """
    recent: deque[set[tuple[str, ...]]] = deque(maxlen=jobs - 1)
    more = True
    while more:
        batch, keys = read_batch(reader, rows, recent)
        recent.append(keys)
        more = batch.offset < size
        yield batch


def write_side_by_side(
    items: Iterable[Item], write: Callable[[Item], object], jobs: int
) -> Iterator[Item]:
    """``items`` in their order, each when it is written; ``jobs`` threads write.

    The next item is made while those before it are written. What one of the threads
    raises ends it all, when the others have finished theirs.
    """
    coming: deque[tuple[Item, Future[object]]] = deque()
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        for item in items:
            if len(coming) == jobs:
                yield _finish(coming)
            coming.append((item, pool.submit(write, item)))
        while coming:
            yield _finish(coming)


def _finish(coming: deque[tuple[Item, Future[object]]]) -> Item:
    item, written = coming.popleft()
    written.result()
    return item
