"""Odoo 19 Community: unpacked from Debian's package, or an existing checkout.

The package lives in Debian's unstable suite. It is never installed: a private apt
configuration downloads it and the packages its static files link into, and dpkg
unpacks them into one tree under ``.local``. Decision 0001 tells why.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from . import apt_sources, odoo_mends, process
from .errors import ClinicError, ExitCode
from .layout import CACHE, LOCAL
from .progress import Progress
from .stamps import Stamp, digest

PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
TREE = LOCAL / "odoo"
_PYTHON_PATH = Path("usr/lib/python3/dist-packages")
_CHOSEN = LOCAL / "odoo-path"
_APT = CACHE / "apt"
_DEBS = CACHE / "debs"

# Hooks of the machine's own apt (they clean system folders) have no business here.
_APT_CONFIGURATION = """\
Dir::Etc::sourcelist "{apt}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Dir::State::lists "{apt}/lists";
Dir::State::status "{apt}/status";
Dir::Cache "{apt}/cache";
APT::Sandbox::User "root";
APT::Get::List-Cleanup "0";
Acquire::Languages "none";
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
"""


def choose(path: str) -> None:
    """Use the Odoo 19.0 checkout at ``path`` from now on.

    :raises ClinicError: when there is no Odoo 19.0.
    """
    checkout = Path(path).expanduser().resolve()
    version = _version(checkout)
    if version != "19.0":
        raise ClinicError(
            f"{checkout} holds {'Odoo ' + version if version else 'no Odoo'}, "
            "but 19.0 is needed.",
            "Name the folder of an Odoo 19.0 checkout, the one with odoo-bin in it.",
            ExitCode.USAGE,
        )
    LOCAL.mkdir(exist_ok=True)
    _CHOSEN.write_text(str(checkout))


def python_path() -> Path:
    """The folder to put on Python's path."""
    if _CHOSEN.exists():
        return Path(_CHOSEN.read_text())
    return TREE / _PYTHON_PATH


def identity() -> str:
    """What tells this Odoo from another one; part of every template's key."""
    if _CHOSEN.exists():
        return digest(_CHOSEN, python_path() / "odoo" / "release.py")
    return (TREE / ".stamp").read_text()


def is_current() -> bool:
    """Whether Odoo is there whole; a chosen checkout is looked at again."""
    if _CHOSEN.exists():
        return _version(python_path()) == "19.0"
    return Stamp(TREE / ".stamp").matches(_key())


def ensure(progress: Progress) -> None:
    """Have Odoo 19.0 at :func:`python_path`."""
    if _CHOSEN.exists():
        choose(_CHOSEN.read_text())
    elif not is_current():
        _download(progress)
        with progress.step("Odoo 19: unpack and mend"):
            _unpack()


def _version(path: Path) -> str:
    release = path / "odoo" / "release.py"
    if not release.is_file():
        return ""
    match = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    return f"{match[1]}.{match[2]}" if match else ""


def _download(progress: Progress) -> None:
    if {name for name in PACKAGES if any(_DEBS.glob(f"{name}_*.deb"))} == set(PACKAGES):
        return
    source = apt_sources.debian_source()
    with progress.step("Odoo 19: download Debian's packages", download=True):
        configuration = _private_apt(source)
        apt = ["apt-get", "-qq", "-c", configuration]
        process.run([*apt, "update"], what="Reading Debian's package lists", cwd=CACHE)
        partial = CACHE / "debs.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        process.run(
            [*apt, "download", *PACKAGES],
            what="Downloading Odoo from Debian's archive",
            cure="Name an existing Odoo 19.0 checkout instead: --odoo PATH",
            cwd=partial,
        )
        shutil.rmtree(_DEBS, ignore_errors=True)
        partial.rename(_DEBS)


def _private_apt(source: apt_sources.Source) -> Path:
    for folder in ("lists/partial", "cache/archives/partial"):
        (_APT / folder).mkdir(parents=True, exist_ok=True)
    (_APT / "status").touch()
    (_APT / "sources.list").write_text(source.line_for("unstable"))
    configuration = _APT / "apt.conf"
    configuration.write_text(_APT_CONFIGURATION.format(apt=_APT))
    return configuration


def _key() -> str:
    return digest(*PACKAGES, odoo_mends.VERSION)


def _unpack() -> None:
    partial = LOCAL / "odoo.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for deb in sorted(_DEBS.glob("*.deb")):
        process.run(
            ["dpkg", "-x", deb, partial],
            what=f"Unpacking {deb.name}",
            cure=f"Remove {_DEBS} and run this again to download it anew.",
        )
    odoo_mends.mend(partial, partial / _PYTHON_PATH)
    Stamp(partial / ".stamp").write(_key())
    shutil.rmtree(TREE, ignore_errors=True)
    partial.rename(TREE)
