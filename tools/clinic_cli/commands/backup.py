"""``./clinic backup``: database and files of one moment in one checked file."""

from __future__ import annotations

import argparse
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from .. import archive, databases, ground
from ..errors import ClinicError, ExitCode
from ..layout import DATA, DEMO_DATABASE
from ..progress import Progress

HELP = "write a database and its files into one file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="default: NAME-TIME.tar.gz")
    parser.add_argument("--database", default=DEMO_DATABASE)


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    now = datetime.now(timezone.utc)
    target = args.file or Path(f"{args.database}-{now:%Y%m%d-%H%M%S}.tar.gz")
    if target.exists():
        raise ClinicError(
            f"{target} exists already.", "Name another file.", ExitCode.USAGE
        )
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        DATA.mkdir(exist_ok=True)
        # Beside the filestore, so that its files can be linked, not copied.
        with tempfile.TemporaryDirectory(dir=DATA) as stage:
            with progress.step(f"Back up {args.database}"):
                manifest = archive.write(
                    server,
                    args.database,
                    f"{now:%Y-%m-%d %H:%M:%S}Z",
                    target,
                    Path(stage),
                )
    size = target.stat().st_size / 2**20
    progress.say(f"{target}: {size:.1f} MB, {manifest.files} files, checksums inside")
    return ExitCode.OK
