"""Where things lie: the repository, what is set up beside it, and its modules."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
CACHE = LOCAL / "cache"
LOGS = LOCAL / "logs"
# A server of its own keeps Odoo's files elsewhere (data_dir in odoo.conf).
DATA = Path(os.environ.get("CLINIC_DATA_DIR", LOCAL / "data"))
# Relative links to our modules, and the only addons path of ours: what lies beside the
# modules (configuration, keys, this folder's data) is no file of an addon then.
ADDONS = LOCAL / "addons"
VENV = LOCAL / "venv"
PYTHON = VENV / "bin" / "python"
ODOO = VENV / "bin" / "odoo"

CORE_MODULES = (
    "clinic_base",
    "clinic_schedule",
    "clinic_emr",
    "clinic_finance",
    "clinic_screening",
    "clinic_portal",
)
DEMO_MODULE = "clinic_demo"
DEMO_DATABASE = "clinic_demo"


@dataclass(frozen=True)
class Module:
    """One Odoo module of this repository."""

    path: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def depends(self) -> tuple[str, ...]:
        return tuple(self.manifest.get("depends", ()))

    @property
    def tests(self) -> Path | None:
        folder = self.path / "tests"
        return folder if folder.is_dir() else None


@cache
def modules() -> dict[str, Module]:
    """Every installable module of the repository, by name."""
    found = {}
    for manifest_path in sorted(
        (*ROOT.glob("*/__manifest__.py"), *ROOT.glob("addons/*/__manifest__.py"))
    ):
        manifest = ast.literal_eval(manifest_path.read_text())
        if manifest.get("installable", True):
            found[manifest_path.parent.name] = Module(manifest_path.parent, manifest)
    return found


def suite_modules() -> list[str]:
    """What a working system installs: everything but the demonstration clinic."""
    return [name for name in modules() if name != DEMO_MODULE]


def third_party_modules() -> list[str]:
    """What our manifests depend on and this repository does not hold."""
    needed = {dep for module in modules().values() for dep in module.depends}
    return sorted((needed - set(modules())) | {"base"})
