"""F6: random events leave the books where a model in plain Python says.

Runs ``clinic_finance/tests/model`` in chunks, each of other histories, until as many
events have happened as ``CLINIC_BENCH_EVENTS`` says (5,000). What has been done stands
in a file, so that a run that was ended goes on where it was.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

from clinic_cli import odoo
from clinic_cli.benching import Context
from clinic_cli.postgres import free_port

from ..schedule.measuring import result

EVENTS = int(os.environ.get("CLINIC_BENCH_EVENTS", "5000"))
CHUNK = {"CLINIC_MONEY_EXAMPLES": "5", "CLINIC_MONEY_STEPS": "100"}
TEST = "/clinic_finance:TestMoneyStates"
DONE = re.compile(r"Money: (\d+) events")
MEANT = re.compile(r"AssertionError: (.*)")


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F6."""
    file = context.logs / "bench-money.json"
    done = _read(file)
    with context.progress.step(f"Finance: {EVENTS} random events"):
        while done["events"] < EVENTS:
            _run_chunk(done, database, context.logs)
            file.write_text(json.dumps(done))
    found = done["differences"]
    return [
        result(
            "F6",
            f"differences between books and model after {done['events']} events",
            len(found),
            "differences",
            "0",
            not found,
            f"{done['chunks']} chunks of random events, everything compared after each:"
            " balances, advances, dues, revenue by month, shares, receipts"
            + "".join(f"; {one}" for one in found),
        )
    ]


def _read(file: Path) -> dict[str, Any]:
    """What a run that was ended has done; a finished one begins anew."""
    done = json.loads(file.read_text()) if file.exists() else {}
    if not done or done["events"] >= EVENTS:
        done = {"chunks": 0, "events": 0, "differences": []}
    return done


def _run_chunk(done: dict[str, Any], database: str, logs: Path) -> None:
    """Add the events and the differences of the next chunk."""
    done["chunks"] += 1
    arguments = (
        f"--test-tags={TEST}",
        "--stop-after-init",
        f"--http-port={free_port()}",
    )
    logged = subprocess.run(
        odoo.command("server", database, *arguments),
        env={**os.environ, **CHUNK, "CLINIC_MONEY_NUMBER": str(done["chunks"])},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ).stdout
    events = DONE.search(logged)
    if not events:
        (logs / "bench-money.log").write_text(logged)
        raise RuntimeError(f"The events did not end, see {logs}/bench-money.log")
    done["events"] += int(events[1])
    if meant := MEANT.search(logged):
        (logs / f"bench-money-{done['chunks']}.log").write_text(logged)
        done["differences"].append(meant[1])
