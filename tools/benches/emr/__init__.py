"""The medical record: how fast it opens, is searched, and how well it is walled in.

===========  ==================================================================
record       a patient with 500 earlier protocols, in a scratch database
opening      E1 in this process; E3 over HTTP, with the access log and without
without_log  a server-wide module of the bench alone, for the other side of E3
===========  ==================================================================
"""

from __future__ import annotations

from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context

from ..base import run_wall
from ..schedule.measuring import median, result
from ..schedule.world import environment
from . import opening
from .record import EARLIER, Record

SEARCHES = (
    "J06.9 I10 F41 M54.5 K29 G43.9 E11.9 N39 H10 R51 hypertension diabetes migraine"
    " gastritis conjunctivitis depressive pneumonia dermatitis anaemia asthma"
).split()


def run(context: Context) -> list[dict[str, Any]]:
    """All figures of the target table."""
    configuration = str(odoo.configure(context.server))
    template = databases.ensure_suite_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        with environment(database, configuration) as env:
            with context.progress.step(f"Record: {EARLIER} earlier protocols"):
                record = Record(env)
                record.fill()
            results = [opening.measure(record), _search(record)]
            results.append(opening.measure_log(context, database, record))
    with databases.scratch(context.server, template) as database:
        results.append({"id": "E4", **run_wall(database, "clinic_emr", 5)})
    return sorted(results, key=lambda result: result["id"])


def _search(record: Record) -> dict[str, Any]:
    codes = record.as_specialist()["clinic.icd10"]
    times = sorted(
        median(lambda text=text: codes.name_search(text, limit=8)) for text in SEARCHES
    )
    middle, worst = times[len(times) // 2], times[-1]
    return result(
        "E2",
        "search of an ICD-10 code by its beginning or by words",
        middle,
        "ms",
        "median < 50",
        middle < 50,
        f"name_search of {len(SEARCHES)} codes and words among"
        f" {codes.search_count([]):,}, as a specialist; slowest {worst:.0f} ms",
    )
