"""The desk: how fast the board is there, and how few clicks sell an hour.

======  =======================================================================
day     a day of 60 rooms and 800 visits in a scratch database of the suite
screen  D2, D3, D5 to D7: a browser, another registrar, 100 other boards
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
            results.append(_outbox(env))
    return sorted(results, key=lambda result: result["id"])


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


def _outbox(env: Any) -> dict[str, Any]:
    from odoo.addons.sms_smsc.tests.bench import measure

    env.cr.rollback()
    measured = measure(env)
    return result(
        "D4",
        "outbox against a gateway with 50 ms latency",
        measured["per_second"],
        "messages/s",
        ">= 100, none twice",
        measured["per_second"] >= 100 and not measured["doubles"],
        f"the SMSC gateway against its fake over HTTP: {measured['sent']} messages"
        f" sent, claims and outcomes committed, {measured['doubles']} twice",
    )
