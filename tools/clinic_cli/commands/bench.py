"""``./clinic bench``: measure against the targets, as a table or as JSON.

A bench is a module or package ``tools/benches/NAME`` with a docstring (its title) and
``run(context) -> list[dict]``; ``clinic_cli.benching`` tells what both hold.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from .. import benching, ground, system_packages
from ..errors import ClinicError, ExitCode
from ..layout import PYTHON, ROOT
from ..progress import Progress

HELP = "measure: ./clinic bench [NAME] [--json]; without a name, list the benches"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    names = benching.names()
    if not args.name:
        print("\n".join(names))
        return ExitCode.OK
    if args.name not in names:
        raise ClinicError(
            f"There is no bench {args.name}.",
            f"Name one of: {', '.join(names)}",
            ExitCode.USAGE,
        )
    # With --json only the object itself may reach the standard output.
    progress = Progress(sys.stderr if args.json else sys.stdout)
    with ground.ready(progress, *system_packages.TEST, development=True):
        return subprocess.call(
            [PYTHON, "-m", "clinic_cli.benching", args.name, *["--json"] * args.json],
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
            stdin=subprocess.DEVNULL,
        )
