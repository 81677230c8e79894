"""The house: how many files somebody opens to follow one flow, and what it costs.

=======  ======================================================================
H1       find: five free times of a service
H2       book: one visit by a registrar, with every module installed
H3       tell: one message from the outbox through a gateway
H4       pay: the money for one visit to come
H5       record: a protocol is signed
H6       again: statements of a booking by who has been to the specialist before
=======  ======================================================================

Each flow runs once to fill the caches, then once more while its steps are noted.
"""

from __future__ import annotations

from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context

from ..schedule.measuring import result
from ..schedule.world import environment
from .flows import Flows
from .tracing import Way, follow

SUITE = "/.local/addons/"
# Of one booking; of who comes for the first time three more, in a savepoint.
STATEMENTS = 25
# Flow: its id, what it is, and the files that it may enter at most.
FLOWS = {
    "find": ("H1", "files of the suite entered by a search for five times", 9),
    "book": ("H2", "files entered by one booking", 20),
    "tell": ("H3", "files entered by one message of the outbox", None),
    "pay": ("H4", "files entered by the money for one visit", None),
    "record": ("H5", "files entered by signing a protocol", None),
}


def run(context: Context) -> list[dict[str, Any]]:
    """All figures, each with moves between files and statements."""
    configuration = str(odoo.configure(context.server))
    template = databases.ensure_suite_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        with environment(database, configuration) as env:
            with context.progress.step("House: five flows"):
                flows = Flows(env)
                flows.fill()
                results = [_follow(env, flows, name) for name in FLOWS]
                return [*results, _count(env, flows)]


def _follow(env: Any, flows: Flows, name: str) -> dict[str, Any]:
    ident, what, limit = FLOWS[name]
    prepare = getattr(flows, name)
    prepare()()
    way = follow(env, prepare(), SUITE)
    env.cr.rollback()
    return result(
        ident,
        what,
        len(way.files),
        "files",
        f"at most {limit}" if limit else "counted",
        len(way.files) <= limit if limit else None,
        f"{way.moves} moves between them, {way.statements} statements; {_rooms(way)}",
    )


def _count(env: Any, flows: Flows) -> dict[str, Any]:
    flows.again()()
    way = follow(env, flows.again(), SUITE)
    env.cr.rollback()
    return result(
        "H6",
        "statements of one booking with every module",
        way.statements,
        "statements",
        f"at most {STATEMENTS}",
        way.statements <= STATEMENTS,
        "by a registrar, for who comes again, as four of five do; all hooks at work",
    )


def _rooms(way: Way) -> str:
    """How many of the files lie in which module."""
    counts: dict[str, int] = {}
    for path in way.files:
        module = path.split("/")[0]
        counts[module] = counts.get(module, 0) + 1
    return ", ".join(f"{module} {count}" for module, count in counts.items())
