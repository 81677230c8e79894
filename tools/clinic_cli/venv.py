"""The virtual environment under ``.local``, from exact pins.

Wheels only, but for the few packages that a requirements file names after
``--no-binary``: those are built with the setuptools that is installed already.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

from . import odoo_source, process
from .errors import ClinicError, ExitCode
from .layout import CACHE, ODOO, PYTHON, ROOT, VENV
from .progress import Progress
from .stamps import Stamp, digest

REQUIREMENTS = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"

_PIP = (PYTHON, "-m", "pip", "--disable-pip-version-check")
_STAMP = Stamp(VENV / ".stamp")
_METADATA = "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n"


def is_current() -> bool:
    return _STAMP.matches(_key())


def ensure(progress: Progress) -> None:
    """Have a virtual environment with what running needs, made anew on any change."""
    if is_current():
        return
    with progress.step("Python: make the virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        process.run(
            [sys.executable, "-m", "venv", VENV],
            what="Making the virtual environment",
            cure="Install the package python3-venv and run this again.",
        )
    wheels = _download(progress, REQUIREMENTS)
    with progress.step("Python packages: install"):
        _install(REQUIREMENTS, wheels)
        _STAMP.write(_key())


def ensure_development(progress: Progress) -> None:
    """Add what tests and lint need."""
    stamp = Stamp(VENV / ".stamp-dev")
    key = digest(REQUIREMENTS, DEVELOPMENT)
    if not stamp.matches(key):
        wheels = _download(progress, DEVELOPMENT)
        with progress.step("Development tools: install"):
            _install(DEVELOPMENT, wheels)
            stamp.write(key)


def link_odoo() -> None:
    """Make Odoo importable, known to pip as odoo 19.0, and startable as ``odoo``.

    With several workers Odoo starts itself once more for websockets, by the path of the
    script that it was started with; ``python -m odoo`` has none that would do.
    """
    site = Path(sysconfig.get_path("purelib", "posix_prefix", {"base": str(VENV)}))
    source = odoo_source.python_path()
    _write(site / "odoo.pth", f"{source}\n")
    information = site / "odoo-19.0.dist-info"
    if any(source.glob("odoo-19.0*.egg-info")):
        shutil.rmtree(information, ignore_errors=True)
    else:
        information.mkdir(exist_ok=True)
        _write(information / "METADATA", _METADATA)
    _write(ODOO, f"#!{PYTHON}\nimport odoo.cli\n\nodoo.cli.main()\n")
    ODOO.chmod(0o755)


def _write(path: Path, text: str) -> None:
    """Only if it says something else: an Odoo that starts meanwhile reads it."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def _key() -> str:
    return digest(REQUIREMENTS, sys.version, sys.base_prefix)


def _download(progress: Progress, requirements: Path) -> Path:
    """Fetch the wheels into the cache; pip's own cache is not relied on."""
    wheels = CACHE / f"wheels-{sys.version_info[0]}{sys.version_info[1]}"
    stamp = Stamp(wheels / f".{requirements.stem}")
    key = digest(requirements)
    if not stamp.matches(key):
        wheels.mkdir(parents=True, exist_ok=True)
        with progress.step(
            f"Python packages: download {requirements.name}", download=True
        ):
            _pip_download(requirements, wheels)
            stamp.write(key)
    return wheels


def _pip_download(requirements: Path, wheels: Path) -> None:
    try:
        process.run(
            [
                *_PIP,
                "download",
                *("--quiet", "--no-deps", "--no-build-isolation"),
                *("--only-binary", ":all:"),
                *("--dest", wheels, "--requirement", requirements),
            ],
            what="Downloading Python packages",
        )
    except ClinicError as error:
        if "No matching distribution" not in error.cause:
            raise
        version = ".".join(map(str, sys.version_info[:3]))
        raise ClinicError(
            f"Python {version} on this machine has no ready-made package for a "
            f"pinned version: {error.cause}",
            "Start with another Python (3.10 to 3.13), for example: "
            "python3.11 ./clinic",
            ExitCode.PYTHON,
        ) from error


def _install(requirements: Path, wheels: Path) -> None:
    process.run(
        [
            *_PIP,
            "install",
            *("--quiet", "--no-deps", "--no-build-isolation"),
            *("--no-index", "--find-links", wheels),
            *("--requirement", requirements),
        ],
        what="Installing Python packages",
        cure=f"Remove {VENV} and {wheels} and run this again.",
    )
