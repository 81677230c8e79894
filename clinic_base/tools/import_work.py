"""What the batches of one import share: known templates, and the next batch read ahead.

Cutting and checking rows keeps one processor busy while the database writes with
another; nothing here knows a database.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from .patient_rows import Reader, Reject


class Batch(NamedTuple):
    """Rows as CSV, and rejects; the byte and the line of the file where they end."""

    good: str
    bad: list[Reject]
    offset: int
    line: int


def read_batch(reader: Reader, rows: int) -> Batch:
    """The next ``rows`` records; fewer at the end of the file.

    Of two rows that are the same person, or bear the same number, the first is taken.
    """
    good, bad = io.StringIO(), []
    writer = csv.writer(good)
    seen: set[tuple[str, ...]] = set()
    for count, item in enumerate(reader, 1):
        if isinstance(item, Reject):
            bad.append(item)
        elif seen.isdisjoint(keys := item.get_keys()):
            seen.update(keys)
            writer.writerow(item)
        else:
            bad.append(Reject(item.line, "known", item.text))
        if count >= rows:
            break
    return Batch(good.getvalue(), bad, reader.offset, reader.line)


class ImportWork:
    """One import; used as a context it can read the next batch while one is written."""

    def __init__(self) -> None:
        self.templates: dict[str, Any] = {}
        self._reader: Reader | None = None
        self._rows = 0
        self._pool: ThreadPoolExecutor | None = None
        self._coming: Future[Batch] | None = None

    def __enter__(self) -> ImportWork:
        self._pool = ThreadPoolExecutor(max_workers=1)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def take(self, open_reader: Callable[[], Reader], rows: int) -> Batch:
        """The next batch; ``open_reader`` is called for the first one."""
        self._rows = rows
        if self._reader is None:
            self._reader = open_reader()
        coming, self._coming = self._coming, None
        return coming.result() if coming else read_batch(self._reader, rows)

    def read_ahead(self) -> None:
        """Begin with the next batch; to be called before a long wait.

        Python runs one thread at a time: a thread that reads while the other one
        speaks shortly with the database holds up every answer by milliseconds.
        """
        if self._pool and self._reader and not self._coming:
            self._coming = self._pool.submit(read_batch, self._reader, self._rows)
