"""``./clinic restore``: a backup into a new database."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from .. import archive, databases, ground, odoo, process
from ..errors import ClinicError, ExitCode
from ..layout import DATA
from ..postgres import Server
from ..progress import Progress

HELP = "make a database from a backup"

_BEGIN = """
env["clinic.access.log"]._renew_head()
env["clinic.quiet"].begin()
env.cr.commit()
answer = True
"""
_INSTALLED = (
    "SELECT 1 FROM ir_module_module WHERE name = 'clinic_base' AND state = 'installed'"
)
_QUIET = """\
It keeps quiet: no message goes out, scheduled actions stand still, patients and
payment services are asked to come again later. Compare with the SMS service, the bank
and the payment service, then sign in as an administrator: “Let it work again”."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", required=True, help="the database to make")
    parser.add_argument(
        "--force", action="store_true", help="replace the database if it exists"
    )
    parser.add_argument(
        "--neutralize",
        action="store_true",
        help="switch off messages, payments and exchanges: for a trial copy",
    )


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    if not args.file.is_file():
        raise ClinicError(
            f"There is no file {args.file}.", "Name an existing file.", ExitCode.USAGE
        )
    with ground.ready(progress) as server:
        if databases.exists(server, args.database) and not args.force:
            raise ClinicError(
                f"The database {args.database} exists already.",
                "Name a new one, or replace it with --force.",
                ExitCode.STATE,
            )
        DATA.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=DATA) as stage:
            with progress.step("Check the backup"):
                manifest = archive.unpack(args.file, Path(stage))
            with progress.step(f"Restore {manifest.database} of {manifest.made_at}"):
                _restore(server, args, Path(stage), manifest)
    progress.say(f"Restored as {args.database}; constraints and files are all there.")
    if not args.neutralize:
        progress.say(_QUIET)
    return ExitCode.OK


def _restore(
    server: Server, args: argparse.Namespace, stage: Path, manifest: archive.Manifest
) -> None:
    """Fill a database under another name; only a whole one takes the asked name."""
    partial = f"{args.database}_restoring"
    databases.drop(server, partial)
    try:
        archive.load(server, partial, stage, manifest)
        if args.neutralize:
            process.run(odoo.command("neutralize", partial), what="Neutralizing")
        elif server.sql(_INSTALLED, partial):
            # Before anything serves it: what it holds is as old as the backup.
            odoo.ask(partial, _BEGIN)
    except BaseException:
        databases.drop(server, partial)
        raise
    databases.drop(server, args.database)
    databases.rename(server, partial, args.database)
