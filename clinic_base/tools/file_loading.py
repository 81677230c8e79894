"""What the command line says about a file that it wants loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

# Called with the run after every batch: offset and size (bytes), line, created and
# rejected (rows).
Report = Callable[[dict[str, int]], None]


class Order(NamedTuple):
    """One file to load, and how; a loader may know no use for some of it."""

    path: Path
    rejects: Path
    mapping: dict[str, str] | None = None
    dry_run: bool = False
    jobs: int | None = None


Loader = Callable[[Order, Report], dict[str, Any]]

FIGURES = ("offset", "size", "line", "created", "rejected")
