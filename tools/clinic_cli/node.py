"""The npm packages that lint uses, exactly as ``package-lock.json`` pins them."""

from __future__ import annotations

from pathlib import Path

from . import process
from .errors import ClinicError, ExitCode
from .layout import ROOT
from .progress import Progress
from .stamps import Stamp, digest

MODULES = ROOT / "node_modules"
_LOCK = ROOT / "package-lock.json"
_OLDEST = 18


def program(name: str) -> Path:
    return MODULES / ".bin" / name


def ensure(progress: Progress) -> None:
    """Have the packages in ``node_modules``."""
    stamp = Stamp(MODULES / ".clinic-stamp")
    key = digest(_LOCK)
    if stamp.matches(key):
        return
    _check_version()
    with progress.step("npm packages: install", download=True):
        process.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            what="Installing the npm packages",
            cwd=ROOT,
        )
        stamp.write(key)


def _check_version() -> None:
    found = process.run(["node", "--version"], what="node").strip()
    if int(found.lstrip("v").split(".")[0]) < _OLDEST:
        raise ClinicError(
            f"Node.js {found} is too old for the linters.",
            f"Put Node.js {_OLDEST} or later first in the PATH.",
            ExitCode.SYSTEM,
        )
