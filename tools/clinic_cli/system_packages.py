"""Programs and libraries that come from the system, installed only when missing."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import process
from .errors import ClinicError, ExitCode, no_rights
from .progress import Progress

POSTGRES_HOMES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Package:
    """A Debian package and how to see, on any system, that it is not needed."""

    name: str
    present: Callable[[], bool]


def postgres_home() -> Path | None:
    """The folder of the newest PostgreSQL server from 15 on, if there is one."""
    homes = [
        (int(path.name), path)
        for path in POSTGRES_HOMES.glob("[0-9]*")
        if path.name.isdigit() and (path / "bin" / "postgres").exists()
    ]
    on_path = shutil.which("postgres")
    if not homes and on_path:
        return Path(on_path).resolve().parents[1]
    return max((home for home in homes if home[0] >= 15), default=(0, None))[1]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("google-chrome")


def nginx() -> str | None:
    """Debian keeps it where ordinary users do not look."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _has_dejavu() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return any(any(folder.rglob("DejaVuSans.ttf")) for folder in folders)


RUN = (
    Package("python3-venv", lambda: importlib.util.find_spec("ensurepip") is not None),
    Package("libpango-1.0-0", _library("pango-1.0")),
    Package("libpangoft2-1.0-0", _library("pangoft2-1.0")),
    Package("libharfbuzz-subset0", _library("harfbuzz-subset")),
    Package("fonts-dejavu-core", _has_dejavu),
)
SERVER = (Package("postgresql", lambda: postgres_home() is not None),)
CLIENT = (Package("postgresql-client", _program("psql")),)
TEST = (
    Package("chromium", lambda: chromium() is not None),
    Package("gettext", _program("msgfmt")),
    Package("nginx", lambda: nginx() is not None),
    Package("poppler-utils", _program("pdftotext")),
)
LINT = (
    Package("gettext", _program("msgfmt")),
    Package("nodejs", _program("node")),
    Package("npm", _program("npm")),
)


def missing(packages: tuple[Package, ...]) -> list[str]:
    return [package.name for package in packages if not package.present()]


def ensure(packages: tuple[Package, ...], progress: Progress) -> None:
    """Install those of ``packages`` that are missing.

    :raises ClinicError: when they cannot be installed from here.
    """
    names = missing(packages)
    if not names:
        return
    command = f"apt-get install {' '.join(names)}"
    if not shutil.which("apt-get"):
        raise ClinicError(
            f"Missing on this system: {', '.join(names)} (names as in Debian).",
            "Install them with the system's package manager and run this again.",
            ExitCode.SYSTEM,
        )
    with progress.step(f"System packages: {', '.join(names)}", download=True):
        apt = [*_as_root(command), "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
        cure = f"Run it by hand as root and read what it says: {command}"
        process.run([*apt, "update"], what="apt-get update", cure=cure)
        process.run(
            [*apt, "install", "--yes", "--no-install-recommends", *names],
            what=command,
            cure=cure,
        )
    importlib.invalidate_caches()
    if still := missing(packages):
        raise ClinicError(
            f"Still missing after {command}: {', '.join(still)}.",
            _cure_for(still),
            ExitCode.SYSTEM,
        )


def _as_root(command: str) -> list[str]:
    noninteractive = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return noninteractive
    if not shutil.which("sudo"):
        raise no_rights(
            "System packages are missing, and there is neither root nor sudo.",
            f"Ask an administrator to run: {command}",
        )
    may_ask = sys.stdin.isatty()
    try:
        process.run(["sudo", "-n", "true"], what="sudo")
    except ClinicError as error:
        if not may_ask:
            raise no_rights(
                "System packages are missing, and sudo wants a password.",
                f"Run it by hand and start again: sudo {command}",
            ) from error
    return ["sudo", *noninteractive]


def _cure_for(names: list[str]) -> str:
    if "postgresql" in names:
        return (
            "PostgreSQL 15 or later is needed: name a server with PGHOST, PGPORT, "
            "PGUSER and PGPASSWORD."
        )
    version = ".".join(map(str, sys.version_info[:2]))
    return f"Install what they are called here for Python {version} and try again."
