"""Scheduling: how fast an hour is found and sold, and that it is never sold twice.

=========  ====================================================================
world      the network that is searched, in a scratch database of the whole suite
engine     S1 to S8 and S11, this product
peer       the same tasks for OCA resource_booking
storm      S9, clients over XML-RPC on a real server
day        S10, what packing sells
=========  ====================================================================
"""

from __future__ import annotations

from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context

from . import day, engine, peer, storm
from .world import Network, environment


def run(context: Context) -> list[dict[str, Any]]:
    """All figures of the target table."""
    configuration = str(odoo.configure(context.server))
    progress = context.progress
    template = databases.ensure_suite_template(context.server, progress)
    with databases.scratch(context.server, template) as database:
        with environment(database, configuration) as env:
            world = Network(env)
            with progress.step("Suite: fill with two years of visits"):
                world.fill()
            theirs = peer.measure(context, configuration, world.get_visits())
            with progress.step("Suite: measure"):
                results = [*engine.measure(world, theirs), day.measure(world)]
            with progress.step("Suite: storm"):
                results.append(storm.measure(context, database, world))
    return sorted(results, key=lambda result: int(result["id"][1:]))
