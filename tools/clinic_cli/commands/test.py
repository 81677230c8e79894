"""``./clinic test``: set up what is missing and run the tests with pytest."""

from __future__ import annotations

import argparse
import os
import subprocess

from .. import databases, ground, odoo, system_packages
from ..layout import LOCAL, PYTHON, ROOT, addons_path, modules
from ..progress import Progress

HELP = "run every test, or those that pytest's arguments name"
PASSES_ON = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Everything else goes to pytest: paths, -k, -x, …"


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    with ground.ready(progress, *system_packages.TEST, development=True) as server:
        template = databases.ensure_suite_template(server, progress)
        progress.summary()
        with databases.scratch(server, template) as database:
            return _pytest(database, args.rest)


def _pytest(database: str, arguments: list[str]) -> int:
    named = any(os.path.exists(argument.split("::")[0]) for argument in arguments)
    return subprocess.call(
        [
            *(PYTHON, "-m", "pytest", "--rootdir", ROOT),
            *("-o", f"cache_dir={LOCAL / 'pytest'}"),
            f"--odoo-config={odoo.CONFIGURATION}",
            f"--odoo-database={database}",
            f"--odoo-addons-path={addons_path()}",
            "--odoo-http",
            *arguments,
            *([] if named else _all_tests()),
        ],
        stdin=subprocess.DEVNULL,
    )


def _all_tests() -> list[str]:
    folders = [module.tests for module in modules().values()]
    return [str(folder) for folder in folders if folder] + [str(ROOT / "tests")]
