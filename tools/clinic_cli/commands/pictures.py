"""``./clinic pictures``: pictures of the demonstration, for README and the tour."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from .. import databases, ground, system_packages
from ..layout import DEMO_DATABASE, LOGS, PYTHON, ROOT
from ..odoo import OdooServer
from ..progress import Progress

# Everybody who signs in reads the language of the pictures.
_READERS = """
UPDATE res_partner SET lang = '{lang}'
 WHERE id IN (SELECT partner_id FROM res_users);
UPDATE website SET default_lang_id = (SELECT id FROM res_lang WHERE code = '{lang}')
"""

# What README and the tours show; files of these names lie in the repository.
_SHOWN = ("new-visit", "board", "my-day", "phones")

HELP = "take the pictures of README and the tour from the demonstration clinic"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default=DEMO_DATABASE)
    parser.add_argument(
        "--lang",
        choices=databases.LANGUAGES,
        action="append",
        help="language of the pages; can be repeated (default: all)",
    )
    parser.add_argument(
        "--every",
        action="store_true",
        help="every first page of every role, not only what the tours show",
    )
    parser.add_argument(
        "--into", type=Path, default=ROOT / "docs" / "images" / "tour", metavar="FOLDER"
    )


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    with ground.ready(progress, *system_packages.TEST, development=True) as server:
        databases.require(server, args.database)
        with OdooServer(args.database, log=LOGS / "pictures.log") as running:
            running.wait_until_ready()
            for language in args.lang or databases.LANGUAGES:
                folder = args.into / language[:2]
                server.sql(_READERS.format(lang=language), args.database)
                with progress.step(f"Pictures: {folder}"):
                    subprocess.run(
                        [
                            *(PYTHON, ROOT / "tools" / "take_pictures.py"),
                            *(running.url, language, folder),
                            *(() if args.every else _SHOWN),
                        ],
                        check=True,
                    )
    return 0
