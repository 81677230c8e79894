"""The ground: how fast a clone becomes a clinic, a server, a test run."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context
from clinic_cli.layout import DEMO_MODULE


def run(context: Context) -> list[dict[str, Any]]:
    first, loads = _first_demo(context)
    return [first, *loads, _serving(context), _tests(context)]


def _first_demo(context: Context) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="clinic-bench-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(
            ["git", "clone", "--quiet", context.root, clone],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        subprocess.run(
            [clone / "clinic", "demo", "--no-serve"],
            check=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("PG")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        steps = json.loads((clone / ".local" / "times.json").read_text())
    seconds = sum(step["seconds"] for step in steps if not step["download"])
    first = _result(
        "G1",
        "first demo in a fresh clone",
        seconds,
        360,
        "sum of the steps of ./clinic demo --no-serve in a new clone of the last "
        "commit, downloads left out",
    )
    return first, [_large_load(steps), _small_load(context)]


def _large_load(steps: list[dict[str, Any]]) -> dict[str, Any]:
    loads = [step["seconds"] for step in steps if "demonstration" in step["what"]]
    return _result(
        "G1-large",
        "loading the demonstration network",
        sum(loads),
        180,
        "the step of ./clinic demo that installs the addon and lives six weeks",
    )


def _small_load(context: Context) -> dict[str, Any]:
    suite = databases.ensure_suite_template(context.server, context.progress)
    with databases.scratch(context.server, suite) as database:
        started = time.monotonic()
        odoo.change_modules(database, context.progress, install=[DEMO_MODULE])
        seconds = time.monotonic() - started
    return _result(
        "G1-small",
        "loading the small clinic of the tests",
        seconds,
        60,
        "installing the addon in a copy of the suite without records",
    )


def _serving(context: Context) -> dict[str, Any]:
    template = databases.ensure_demo_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        log = context.logs / "bench-ground.log"
        with odoo.OdooServer(database, log=log) as server:
            seconds = server.wait_until_ready()
    return _result(
        "G2",
        "serving /web/login when set up",
        seconds,
        10,
        "from the start of the Odoo process on a new clone of the demo to the first "
        "answer of /web/login",
    )


def _tests(context: Context) -> dict[str, Any]:
    started = time.monotonic()
    ended = subprocess.call(
        [context.root / "clinic", "test", "-q"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return _result(
        "G3",
        "whole test run",
        time.monotonic() - started,
        600,
        f"./clinic test when set up, ended with exit code {ended}",
    )


def _result(
    ident: str, what: str, seconds: float, limit: int, how: str
) -> dict[str, Any]:
    return {
        "id": ident,
        "what": what,
        "value": round(seconds, 1),
        "unit": "s",
        "target": f"< {limit}",
        "met": seconds < limit,
        "how": how,
    }
