"""``./clinic run``: serve a database that is already there."""

from __future__ import annotations

import argparse

from .. import databases, ground, odoo
from ..layout import DEMO_DATABASE
from ..progress import Progress
from ..serving import DEFAULT_PORT, serve

HELP = "serve the clinic on this machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--database", default=DEMO_DATABASE)


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    odoo.check_port(args.port)
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        return serve(args.database, args.port, progress)
