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
        return [*results, {"id": "B5", **run_wall(database, "clinic_base", 5)}]


def _figures(database: str) -> list[dict[str, Any]]:
    """B1 to B4, B6 and B7."""
    output = subprocess.run(
        odoo.command("shell", database, "--no-http", "--log-level=error"),
        input=SCRIPT.format(small=SMALL, large=LARGE),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    line = next(x for x in output.splitlines() if x.startswith("RESULTS "))
    return json.loads(line.removeprefix("RESULTS "))


def run_wall(database: str, module: str, planted_leaks: int) -> dict[str, Any]:
    """Counts that the wall tests of ``module`` write to the log."""
    arguments = (
        f"--test-tags=clinic_wall/{module}",
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
    found = int(planted[1]) if planted else 0
    leaks = int(wall[5]) if wall else None
    how = "the wall test did not finish"
    if wall:
        how = (
            f"{wall[1]} models, {wall[2]} fields, {wall[3]} pages,"
            f" {wall[4]} roles tried"
        )
    if planted:
        how += f"; planted leaks found {planted[1]} of {planted[2]}"
    return {
        "what": "leaks that the wall test finds",
        "value": leaks,
        "unit": "leaks",
        "target": f"0, planted leaks found {planted_leaks} of {planted_leaks}",
        "met": leaks == 0 and found == planted_leaks,
        "how": how,
    }
