"""``./clinic import``: load a file into a database through the module that owns it."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

from .. import databases, ground, odoo
from ..errors import ClinicError, ExitCode
from ..layout import DEMO_DATABASE
from ..progress import Progress

HELP = "import a file: ./clinic import KIND FILE"

# kind: the model and its method that takes the path of the file
LOADERS = {
    "icd10": ("clinic.icd10", "_import_csv"),
    "visits": ("clinic.visit.import", "_import_csv"),
}
_SCRIPT = """
if {model!r} not in env:
    raise SystemExit("the module of {model} is not installed")
print("    result:", env[{model!r}].{method}({path!r}))
env.cr.commit()
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=sorted(LOADERS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", default=DEMO_DATABASE)


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise ClinicError(
            f"There is no file {args.file}.", "Name an existing file.", ExitCode.USAGE
        )
    progress = Progress()
    model, method = LOADERS[args.kind]
    script = _SCRIPT.format(model=model, method=method, path=str(args.file.resolve()))
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        with progress.step(f"Import {args.kind} from {args.file.name}"):
            result = subprocess.run(
                odoo.command("shell", args.database, "--no-http", "--log-level=warn"),
                input=script,
                text=True,
            )
    if result.returncode:
        raise ClinicError(
            f"{args.file.name} was not imported; nothing has been changed.",
            "Mend what the message above names and import the file again.",
        )
    return ExitCode.OK
