"""``./clinic setup``: what a server or an image needs, without any database."""

from __future__ import annotations

import argparse

from .. import ground
from ..errors import ExitCode
from ..progress import Progress

HELP = "only set up what running needs: packages, Python, Odoo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    ground.prepare(progress)
    progress.summary()
    progress.say("Everything that running needs is set up.")
    return ExitCode.OK
