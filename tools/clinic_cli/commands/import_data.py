"""``./clinic import``: load a file into a database through the module that owns it."""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .. import databases, ground, odoo
from ..errors import ClinicError, ExitCode
from ..layout import DEMO_DATABASE
from ..progress import Progress

HELP = "import a file: ./clinic import KIND FILE"

# Kinds that the suite's modules load; another addon may add its own.
KINDS = (
    *("icd10", "patients", "visits"),
    *("services", "specialists", "shifts", "balances"),
)
# How the command of clinic_base marks its lines; others are shown as they are.
_PROGRESS, _RESULT = "CLINIC-PROGRESS ", "CLINIC-RESULT "
_BAR = 24
# What else is told of rows; all of it is in the file of rejected rows.
_TOLD = {
    "known": "of them known: there is a card already",
    "changed": "of them known, and their cards say otherwise",
    "doubtful": "written beside similar cards: compare them",
    "flawed": "values left out of cards that were written",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--database", default=DEMO_DATABASE)
    group = parser.add_argument_group("patients")
    group.add_argument(
        "--mapping",
        type=Path,
        help='JSON file that names unusual columns: {"Тел. дом.": "phone"}',
    )
    group.add_argument("--dry-run", action="store_true", help="check, write nothing")
    group.add_argument(
        "--jobs",
        type=int,
        choices=range(1, 9),
        metavar="N",
        help="transactions at a time, up to 8 (default: a processor each, up to 4)",
    )
    group.add_argument(
        "--rejects",
        type=Path,
        help="where rejected rows of patients and visits go"
        " (default: beside FILE, named FILE.rejected.csv)",
    )
    parser.epilog = (
        "An import of patients or visits that was interrupted goes on where it stood"
        " when the same command is given again."
    )


def run(args: argparse.Namespace) -> int:
    if not args.file.is_file():
        raise ClinicError(
            f"There is no file {args.file}.", "Name an existing file.", ExitCode.USAGE
        )
    rejects = args.rejects or args.file.with_name(f"{args.file.name}.rejected.csv")
    arguments = _get_arguments(args, rejects)
    progress = Progress()
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        with progress.step(f"Import {args.kind} from {args.file.name}"):
            result = _load(args.database, arguments, progress)
    if result is None:
        raise ClinicError(
            f"{args.file.name} was not imported to its end.",
            "Mend what the message above names and give the same command again.",
        )
    if result.get("state") == "failed":
        raise ClinicError(
            f"{args.file.name}: {result['message']}",
            "Name the columns with --mapping.",
            ExitCode.STATE,
        )
    for line in _summary(result, args.dry_run, rejects):
        progress.say(line)
    return ExitCode.OK


def _get_arguments(args: argparse.Namespace, rejects: Path) -> list[str]:
    mapping = _read_mapping(args.mapping)
    return [
        *("--rejects", str(rejects.resolve())),
        *(("--mapping", json.dumps(mapping)) if mapping else ()),
        *(("--jobs", str(args.jobs)) if args.jobs else ()),
        *(("--dry-run",) if args.dry_run else ()),
        *("--", args.kind, str(args.file.resolve())),
    ]


def _read_mapping(path: Path | None) -> dict[str, str] | None:
    """
    :raises ClinicError: when the file is not a JSON object of texts.
    """
    if path is None:
        return None
    try:
        mapping = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClinicError(
            f"The mapping {path} cannot be read: {error}",
            'Write it as JSON: {"title of the column": "field"}.',
            ExitCode.USAGE,
        ) from error
    if not isinstance(mapping, dict) or not all(
        isinstance(value, str) for value in mapping.values()
    ):
        raise ClinicError(
            f"The mapping {path} is no object of texts.",
            'Write it as JSON: {"title of the column": "field"}.',
            ExitCode.USAGE,
        )
    return mapping


def _load(
    database: str, arguments: list[str], progress: Progress
) -> dict[str, Any] | None:
    """What the command says at its end; None if it did not come so far."""
    with subprocess.Popen(
        [str(part) for part in odoo.command("clinic_import", database, *arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        result = _follow(process.stdout, progress)
    return None if process.returncode else result


def _follow(lines: Iterable[str], progress: Progress) -> dict[str, Any] | None:
    result = None
    bar = Bar()
    for line in lines:
        if line.startswith(_PROGRESS):
            progress.detail(bar.show(json.loads(line.removeprefix(_PROGRESS))))
        elif line.startswith(_RESULT):
            result = json.loads(line.removeprefix(_RESULT))
        else:
            progress.say(line.rstrip())
    return result


class Bar:
    """One line that tells how far an import is, how fast, and how long it takes yet."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # What an earlier run of the same file has done does not count for the rate.
        self._start: tuple[float, int, int] | None = None

    def show(self, at: dict[str, int]) -> str:
        """``at``: offset and size (bytes), created and rejected (rows) so far."""
        now, rows = self._clock(), at["created"] + at["rejected"]
        done = at["offset"] / at["size"] if at["size"] else 1.0
        filled = round(done * _BAR)
        text = f"[{'#' * filled}{'.' * (_BAR - filled)}] {done:4.0%} {rows:,} rows"
        if self._start is None:
            self._start = now, at["offset"], rows
            return text
        started, offset, first = self._start
        if now <= started or at["offset"] <= offset:
            return text
        rate = (rows - first) / (now - started)
        left = (at["size"] - at["offset"]) * (now - started) / (at["offset"] - offset)
        minutes, seconds = divmod(round(left), 60)
        return f"{text}, {rate:,.0f}/s, {minutes}:{seconds:02} left"


def _summary(result: dict[str, Any], dry_run: bool, rejects: Path) -> list[str]:
    written = "would be written" if dry_run else "written"
    lines = [f"    {result['created']:,} {written}"]
    if result.get("rejected"):
        lines.append(f"    {result['rejected']:,} rejected, with reasons: {rejects}")
    lines += [
        f"    {result[name]:,} {what}"
        for name, what in _TOLD.items()
        if result.get(name)
    ]
    return lines + (result.get("message") or "").splitlines()
