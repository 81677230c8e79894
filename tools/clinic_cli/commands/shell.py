"""``./clinic shell``: Odoo's interactive Python shell."""

from __future__ import annotations

import argparse
import subprocess

from .. import databases, ground, odoo
from ..layout import DEMO_DATABASE
from ..progress import Progress

HELP = "open Odoo's Python shell on a database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default=DEMO_DATABASE)


def run(args: argparse.Namespace) -> int:
    with ground.ready(Progress()) as server:
        databases.require(server, args.database)
        command = odoo.command("shell", args.database, "--no-http", "--log-level=warn")
        return subprocess.call(command)
