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

from .known_rows import Card, settle
from .patient_rows import Reader, Reject, Row

Item = TypeVar("Item")


class Batch(NamedTuple):
    """Rows as CSV, and rejects; bytes of the file where they start and end, and the
    line that follows."""

    good: str
    bad: list[Reject]
    start: int
    offset: int
    line: int


# Rows by what may tell that they are one patient's.
Seen = dict[tuple[str, str], list[Row]]


def read_batch(
    reader: Reader, rows: int, recent: Iterable[Seen] = ()
) -> tuple[Batch, Seen]:
    """The next ``rows`` records, fewer at the end of the file, and their keys.

    Of rows that are the same person, or bear the same number, the first is taken.

    :param recent: keys of earlier batches, which the database may not show yet
    """
    good, bad = io.StringIO(), []
    writer = csv.writer(good)
    seen: Seen = {}
    start = reader.offset
    for count, item in enumerate(reader, 1):
        if isinstance(item, Reject):
            bad.append(item)
        elif rival := _find_rival(item, (seen, *recent)):
            bad.append(rival)
        else:
            for key in item.get_keys():
                seen.setdefault(key, []).append(item)
            writer.writerow(item)
        if isinstance(item, Row):
            bad += item.get_flaws()
        if count >= rows:
            break
    return Batch(good.getvalue(), bad, start, reader.offset, reader.line), seen


def _find_rival(row: Row, seen: Iterable[Seen]) -> Reject | None:
    """The row as told, if one of the rows before it is the same person's.

    Who else has the number of its card is told when the cards themselves are known.
    """
    keys = [key for key in row.get_keys() if key[0] != "card"]
    met = {
        other.line: Card.of_row(other)
        for before in seen
        for key in keys
        for other in before.get(key, ())
    }
    return met and settle(row._replace(card_number=None), met.values()).reject or None


def read_batches(reader: Reader, rows: int, size: int, jobs: int) -> Iterator[Batch]:
    """Batches up to byte ``size``, at least one, for ``jobs`` of them at a time.

    A row is compared with its own batch, and with those that may not be committed yet
    when it is written.
    """
    recent: deque[Seen] = deque(maxlen=jobs - 1)
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
