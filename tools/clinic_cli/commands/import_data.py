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

# Each prints lines that start with a mark and hold JSON; others are shown as they are.
_PROGRESS, _RESULT = "CLINIC-PROGRESS ", "CLINIC-RESULT "
_GUARD = """
import json
from pathlib import Path

def say(mark, values):
    print(mark + json.dumps(values), flush=True)

def report(run):
    figures = ("offset", "size", "line", "created", "rejected")
    say({progress!r}, {{name: run[name] for name in figures}})

if {model!r} not in env:
    raise SystemExit("the module of {model} is not installed")
"""
_ICD10 = """
count = env["clinic.icd10"]._import_csv({path!r})
env.cr.commit()
say({result!r}, {{"created": count}})
"""
_PATIENTS = """
run = env["clinic.patient.import"]._import_csv(
    {path!r}, mapping={mapping!r}, dry_run={dry_run!r}, jobs={jobs!r}, report=report
)
run = run.with_context(lang=env.company.partner_id.lang)
if run.rejected:
    Path({rejects!r}).write_text("\\ufeff" + run._get_rejects(), encoding="utf-8")
say({result!r}, run.read(["state", "message", "created", "rejected"])[0])
"""
_VISITS = """
run = env["clinic.visit.import"]._import_csv(
    {path!r}, rejects={rejects!r}, report=report
)
say({result!r}, run.read(["created", "rejected"])[0])
"""
# kind: the model that has to be there, and the script that an Odoo shell runs
LOADERS = {
    "icd10": ("clinic.icd10", _ICD10),
    "patients": ("clinic.patient.import", _PATIENTS),
    "visits": ("clinic.visit.import", _VISITS),
}
_BAR = 24


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=sorted(LOADERS))
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
    script = _make_script(args, rejects)
    progress = Progress()
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        with progress.step(f"Import {args.kind} from {args.file.name}"):
            result = _run_shell(args.database, script, progress)
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


def _make_script(args: argparse.Namespace, rejects: Path) -> str:
    model, script = LOADERS[args.kind]
    return (_GUARD + script).format(
        model=model,
        path=str(args.file.resolve()),
        mapping=_read_mapping(args.mapping),
        dry_run=args.dry_run,
        jobs=args.jobs,
        rejects=str(rejects.resolve()),
        progress=_PROGRESS,
        result=_RESULT,
    )


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


def _run_shell(database: str, script: str, progress: Progress) -> dict[str, Any] | None:
    """What the script says at its end; None if it did not come so far."""
    with subprocess.Popen(
        [
            str(p)
            for p in odoo.command("shell", database, "--no-http", "--log-level=warn")
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(script)
        process.stdin.close()
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
    return lines
