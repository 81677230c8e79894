"""Which files of the suite one call enters, and how often it moves between them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple


class Way(NamedTuple):
    """What a reader has to open to follow a call."""

    files: tuple[str, ...]
    moves: int
    statements: int


def follow(env: Any, call: Callable[[], Any], marker: str) -> Way:
    """Run ``call`` and note each step into a file whose path holds ``marker``.

    A move is a call from one such file into another, whatever lies in between.
    """
    files: dict[str, None] = {}
    moves = 0

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal moves
        if event != "call" or not (path := _ours(frame, marker)):
            return
        files.setdefault(path)
        caller = frame.f_back
        while caller and not _ours(caller, marker):
            caller = caller.f_back
        moves += bool(caller and _ours(caller, marker) != path)

    before = env.cr.sql_log_count
    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(None)
    return Way(tuple(files), moves, env.cr.sql_log_count - before)


def _ours(frame: FrameType, marker: str) -> str | None:
    path = frame.f_code.co_filename
    at = path.find(marker)
    return path[at + len(marker) :] if at >= 0 else None
