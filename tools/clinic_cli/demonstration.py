"""The demonstration that lives: loaded once, and rolled on to the present."""

from __future__ import annotations

import re

from . import databases, odoo
from .layout import DEMO_MODULE
from .postgres import Server
from .progress import Progress

# What the addon tells of its work, in the log.
_TOLD = re.compile(r"clinic_demo: Demonstration: (.*)")
_SECONDS = re.compile(r"clinic_demo\S*: Seconds: (.*)")
# One transaction: what is half lived is not there.
_ROLL_ON = """
from odoo.addons.clinic_demo.network import Network
network = Network.open(env)
answer = network and (network.live(), network.describe_seconds())
env.cr.commit()
"""


def make(server: Server, progress: Progress, database: str, language: str) -> None:
    """Load the network into ``database``, which must not exist; whole or not at all."""
    suite = databases.ensure_suite_template(server, progress)
    partial = f"{database}_partial"
    with progress.step("Database: load the demonstration network"):
        databases.drop(server, partial)
        databases.clone(server, suite, partial)
        odoo.change_modules(
            partial,
            progress,
            install=[DEMO_MODULE],
            environment={"CLINIC_DEMO": "network", "CLINIC_DEMO_LANG": language},
            told=_TOLD,
            kept=_SECONDS,
        )
        databases.rename(server, partial, database)


def roll_on(progress: Progress, database: str) -> None:
    """Live what has not happened yet in ``database``."""
    with progress.step("Database: roll the demonstration on to the present"):
        lived = odoo.ask(database, _ROLL_ON)
        for line in lived[1] if lived else ():
            progress.say(f"  {line}")
    if not lived:
        progress.say("    It is no network that could go on; --fresh makes one.")


def get_logins(server: Server, database: str) -> list[str]:
    """Logins of the demonstration in ``database``, in the order of its list."""
    rows = server.sql("SELECT login FROM clinic_demo_login ORDER BY id", database)
    return [row[0] for row in rows]
