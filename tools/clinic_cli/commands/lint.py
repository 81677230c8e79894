"""``./clinic lint``: every style and correctness check that needs no database."""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import ground, node, system_packages
from ..errors import ExitCode
from ..layout import PYTHON, ROOT, VENV, modules
from ..progress import Progress

HELP = "check style and known mistakes; --fix mends what can be mended"

_PYTHON_FILES = ("clinic", ".")
_PRETTIER_FILES = "**/*.{js,mjs,xml,scss,css,json,yml,yaml}"
# Checks of pylint-odoo that contradict this suite's own rules: unlink() raises on
# every business model, a large model is split into files by concern, and what a
# module is for stands in its manifest and in docs/.
_NOT_FOR_US = (
    "consider-merging-classes-inherited",
    "method-required-super",
    "missing-readme",
    "no-raise-unlink",
)
# It wants terms that are the same in Russian left empty, which looks as if nobody had
# translated them; a test asks that every term is.
_NOT_FOR_PO = "po-pretty-format"


@dataclass(frozen=True)
class Check:
    """One linter: how it looks, and how it mends if it can."""

    name: str
    command: tuple[str | Path, ...]
    fix: tuple[str | Path, ...] | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    ground.prepare(progress, *system_packages.LINT, development=True)
    node.ensure(progress)
    failed = [check.name for check in _checks() if not _passes(check, args.fix)]
    if failed:
        progress.say(f"\nlint: {', '.join(failed)} failed; --fix may help")
        return ExitCode.FAILED
    progress.say("\nlint: all is well")
    return ExitCode.OK


def _passes(check: Check, fix: bool) -> bool:
    print(f"==> {check.name}", flush=True)
    command = check.fix if fix and check.fix else check.command
    return subprocess.call(command, cwd=ROOT, stdin=subprocess.DEVNULL) == 0


def _checks() -> Iterator[Check]:
    ruff = VENV / "bin" / "ruff"
    yield Check(
        "ruff",
        (ruff, "check", "--quiet", *_PYTHON_FILES),
        (ruff, "check", "--quiet", "--fix", *_PYTHON_FILES),
    )
    yield Check(
        "ruff format",
        (ruff, "format", "--quiet", "--diff", *_PYTHON_FILES),
        (ruff, "format", "--quiet", *_PYTHON_FILES),
    )
    folders = tuple(str(module.path.relative_to(ROOT)) for module in modules().values())
    if folders:
        yield Check(
            "pylint-odoo",
            (PYTHON, "-m", "pylint", f"--disable={','.join(_NOT_FOR_US)}", *folders),
        )
        oca = VENV / "bin" / "oca-checks-odoo-module"
        yield Check("OCA module checks", (oca, *folders))
    if translations := _translations():
        yield Check(
            "OCA po checks",
            (VENV / "bin/oca-checks-po", f"--disable={_NOT_FOR_PO}", *translations),
        )
    prettier, eslint = node.program("prettier"), node.program("eslint")
    yield Check(
        "prettier",
        (prettier, "--check", "--log-level=warn", _PRETTIER_FILES),
        (prettier, "--write", "--log-level=warn", _PRETTIER_FILES),
    )
    yield Check("eslint", (eslint, "."), (eslint, "--fix", "."))


def _translations() -> tuple[str, ...]:
    return tuple(
        str(path.relative_to(ROOT))
        for module in modules().values()
        for path in sorted(module.path.glob("i18n/*.po"))
    )
