"""``./clinic test``: set up what is missing and run the tests with pytest."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from .. import databases, ground, odoo, system_packages
from ..layout import ADDONS, LOCAL, LOGS, PYTHON, ROOT, modules
from ..postgres import Server
from ..progress import Progress

HELP = "run every test, or those that pytest's arguments name"
PASSES_ON = True
# pytest found no test that the arguments ask for.
NOTHING = 5


class Lane(NamedTuple):
    """Tests that one pytest runs on a database of its own."""

    name: str
    paths: tuple[Path, ...]
    options: tuple[str, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Everything else goes to pytest: paths, -k, -x, … Without paths the tests of"
        " the modules and those of the whole run side by side."
    )


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    with ground.ready(progress, *system_packages.TEST, development=True) as server:
        template = databases.ensure_suite_template(server, progress)
        progress.summary()
        if _names_paths(args.rest):
            lane = Lane("named", (), ("--odoo-http",))
            with databases.scratch(server, template) as database:
                return subprocess.call(
                    _pytest(lane, database, args.rest), stdin=subprocess.DEVNULL
                )
        databases.ensure_demo_template(server, progress)
        return _run_together(server, template, args.rest)


def _names_paths(arguments: list[str]) -> bool:
    return any(os.path.exists(argument.split("::")[0]) for argument in arguments)


def _lanes() -> tuple[Lane, Lane]:
    """The modules' tests, most of them on one core, and those that start servers."""
    folders = tuple(module.tests for module in modules().values() if module.tests)
    return Lane("modules", folders, ("--odoo-http",)), Lane("whole", (ROOT / "tests",))


def _run_together(server: Server, template: str, arguments: list[str]) -> int:
    """Run both lanes at once; the second one's output is shown when both are over."""
    shown, kept = _lanes()
    log = LOGS / f"test-{kept.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(databases.scratch(server, template))
            for _lane in (shown, kept)
        )
        output = stack.enter_context(log.open("w"))
        beside = subprocess.Popen(
            _pytest(kept, second, arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        code = subprocess.call(
            _pytest(shown, first, arguments), stdin=subprocess.DEVNULL
        )
        codes = {code, beside.wait()}
    sys.stdout.write(log.read_text(errors="replace"))
    sys.stdout.flush()
    if codes == {NOTHING}:
        return NOTHING
    return max(codes - {NOTHING})


def _pytest(lane: Lane, database: str, arguments: list[str]) -> list[str | Path]:
    return [
        *(PYTHON, "-m", "pytest", "--rootdir", ROOT),
        *("-o", f"cache_dir={LOCAL / 'pytest' / lane.name}"),
        f"--odoo-config={odoo.CONFIGURATION}",
        f"--odoo-database={database}",
        f"--odoo-addons-path={ADDONS}",
        *lane.options,
        *arguments,
        *lane.paths,
    ]
