"""Serves one database until the user stops it."""

from __future__ import annotations

from collections.abc import Iterable

from .layout import LOGS
from .odoo import OdooServer
from .progress import Progress

DEFAULT_PORT = 8069


def serve(
    database: str, port: int, progress: Progress, greeting: Iterable[str] = ()
) -> int:
    """Serve ``database`` on ``port`` and say so when it answers."""
    log = LOGS / "odoo.log"
    with OdooServer(database, port, log=log) as server:
        seconds = server.wait_until_ready()
        progress.say(f"\nThe clinic answers at {server.url} ({seconds:.1f} s)")
        for line in greeting:
            progress.say(line)
        progress.say(f"Its log: {log}\nCtrl+C stops it.")
        return server.wait()
