"""The desk: how fast the board is there, and how few clicks sell an hour.

======  =======================================================================
day     a day of 60 rooms and 800 visits in a scratch database of the suite
screen  D2, D3, D5: a browser, another registrar, 100 other boards
proxy   one address for pages and websockets, as nginx is in front of a clinic
======  =======================================================================
"""

from __future__ import annotations

from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context

from ..schedule.measuring import count_statements, median, result
from ..schedule.world import environment
from . import screen
from .day import VISITS, Day


def run(context: Context) -> list[dict[str, Any]]:
    """All figures of the target table."""
    configuration = str(odoo.configure(context.server))
    template = databases.ensure_suite_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        with environment(database, configuration) as env:
            day = Day(env)
            day.fill()
            results = [_data(day)]
        results += screen.measure(context, database, day)
    return [*results, _outbox()]


def _data(day: Day) -> dict[str, Any]:
    milliseconds = median(day.read)
    queries = count_statements(day.env, day.read)
    return result(
        "D1",
        "board data of 60 rooms and 800 visits",
        milliseconds,
        "ms",
        "< 200, at most 10 queries",
        milliseconds < 200 and queries <= 10,
        f"median of get_board as a registrar, {VISITS} visits of as many patients,"
        f" {queries} queries, what money adds included",
    )


def _outbox() -> dict[str, Any]:
    return result(
        *("D4", "outbox against a gateway with 50 ms latency", 0, "messages/s"),
        *(">= 100, none twice", None, "not measured yet"),
    )
