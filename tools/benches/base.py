"""clinic_base: import, search and duplicates among 1.5 million cards; the wall.

The figures are taken by ``clinic_base/tests/bench.py`` inside an Odoo shell on a
database that is dropped afterwards; the wall test runs as ``./clinic test`` runs it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context
from clinic_cli.postgres import free_port

SMALL = int(os.environ.get("CLINIC_BENCH_SMALL", "200000"))
LARGE = int(os.environ.get("CLINIC_BENCH_LARGE", "1500000"))
SCRIPT = (
    "from odoo.addons.clinic_base.tests.bench import main\n"
    "main(env, {small}, {large})\n"
)
WALL = re.compile(
    r"Wall: (\d+) models, (\d+) fields, (\d+) routes, (\d+) roles, (\d+) leaks"
)
PLANTED = re.compile(r"Wall: planted leaks found (\d+) of (\d+)")


def run(context: Context) -> list[dict[str, Any]]:
    template = databases.ensure_demo_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        results = _figures(database)
    with databases.scratch(context.server, template) as database:
        return [*results, _wall(database)]


def _figures(database: str) -> list[dict[str, Any]]:
    """B1 to B4."""
    output = subprocess.run(
        odoo.command("shell", database, "--no-http", "--log-level=error"),
        input=SCRIPT.format(small=SMALL, large=LARGE),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    line = next(x for x in output.splitlines() if x.startswith("RESULTS "))
    return json.loads(line.removeprefix("RESULTS "))


def _wall(database: str) -> dict[str, Any]:
    """B5: counts that the wall test writes to the log."""
    arguments = (
        "--test-tags=clinic_wall",
        "--stop-after-init",
        f"--http-port={free_port()}",
    )
    logged = subprocess.run(
        odoo.command("server", database, *arguments),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ).stdout
    wall, planted = WALL.search(logged), PLANTED.search(logged)
    leaks = int(wall[5]) if wall else None
    how = "the wall test did not finish"
    if wall and planted:
        how = (
            f"{wall[1]} models, {wall[2]} fields, {wall[3]} pages,"
            f" {wall[4]} roles tried;"
            f" planted leaks found {planted[1]} of {planted[2]}"
        )
    return {
        "id": "B5",
        "what": "leaks that the wall test finds",
        "value": leaks,
        "unit": "leaks",
        "target": "0, planted leaks found 5 of 5",
        "met": leaks == 0 and bool(planted) and planted[1] == planted[2] == "5",
        "how": how,
    }
