"""What benches are given and what they give back.

``run(context)`` of a bench returns one dict per target, with the keys ``id``,
``what``, ``value``, ``unit``, ``target`` (a sentence such as ``"< 360"``), ``met``
(true, false, or None where nothing could be measured) and ``how`` (one line: what
was measured against what). No id of the target table is left out.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from . import postgres
from .layout import LOGS, ROOT
from .postgres import Server
from .progress import Progress

BENCHES = ROOT / "tools" / "benches"
KEYS = ("id", "what", "value", "unit", "target", "met", "how")


@dataclass(frozen=True)
class Context:
    """What a bench works with: the database server, a voice and places."""

    server: Server
    progress: Progress = field(default_factory=lambda: Progress(sys.stderr))
    root: Path = ROOT
    logs: Path = LOGS


def names() -> list[str]:
    """Modules and packages of the folder."""
    return sorted(module.name for module in pkgutil.iter_modules([str(BENCHES)]))


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(pages / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": postgres.current().version,
    }


def measure(name: str) -> dict[str, Any]:
    """Run one bench and return the object that ``--json`` prints."""
    run: Callable[[Context], list[dict[str, Any]]] = _load(name).run
    results = run(Context(postgres.current()))
    for result in results:
        if set(result) != set(KEYS):
            raise ValueError(f"bench {name}: {result.get('id')} must have {KEYS}")
    return {"bench": name, "machine": machine(), "results": results}


def table(report: dict[str, Any]) -> str:
    """The same figures for people."""
    lines = [f"{report['bench']} on {report['machine']}"]
    for result in report["results"]:
        met = {True: "met", False: "MISSED", None: "not measured"}[result["met"]]
        lines.append(
            f"{result['id']:5} {result['what']}: {result['value']} {result['unit']}"
            f" (target {result['target']}) {met}\n      {result['how']}"
        )
    return "\n".join(lines)


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"{BENCHES.name}.{name}")


def main(argv: list[str]) -> int:
    report = measure(argv[0])
    print(json.dumps(report) if "--json" in argv else table(report))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
