"""What the batches of one import share: known templates, and the next batch read ahead.

Cutting and checking rows keeps one processor busy while the database writes with
another; nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from .patient_rows import Reader, Reject, Row


class Batch(NamedTuple):
    """Rows and rejects, and where in the file they end (bytes, number of the line)."""

    good: list[Row]
    bad: list[Reject]
    offset: int
    line: int


def read_batch(reader: Reader, rows: int) -> Batch:
    """The next ``rows`` records; fewer at the end of the file."""
    good: list[Row] = []
    bad: list[Reject] = []
    for item in reader:
        if isinstance(item, Reject):
            bad.append(item)
        else:
            good.append(item)
        if len(good) + len(bad) >= rows:
            break
    return Batch(good, bad, reader.offset, reader.line)


class ImportWork:
    """One import; used as a context it reads the next batch while one is written."""

    def __init__(self) -> None:
        self.templates: dict[str, Any] = {}
        self._reader: Reader | None = None
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
        if self._reader is None:
            self._reader = open_reader()
        coming = self._coming
        batch = coming.result() if coming else read_batch(self._reader, rows)
        if self._pool:
            self._coming = self._pool.submit(read_batch, self._reader, rows)
        return batch
