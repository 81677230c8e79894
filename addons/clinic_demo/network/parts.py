"""What each module of the suite shows: the package ``demo`` in its folder.

A module that is installed may bring ``demo/__init__.py`` with two functions, both
optional; it knows nothing of this addon, and this addon nothing of the module::

    def plan(world):
        \"\"\"Once: what there is, before anybody comes.\"\"\"

    def live(world, span):
        \"\"\"What happens from ``span.start`` to ``span.stop`` (naive UTC).\"\"\"

or says ``NOTHING_TO_SHOW = "why"``. See docs/extend.md.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from odoo.modules.module import get_manifest


def find_parts(env: Any) -> list[tuple[str, ModuleType]]:
    """(module, its part) of what is installed, in the order of their dependencies."""
    installed = env["ir.module.module"].search(
        [("state", "in", ("installed", "to install", "to upgrade"))]
    )
    return [
        (name, import_module(f"odoo.addons.{name}.demo"))
        for name in sort_by_dependency(installed.mapped("name"))
        if find_spec(f"odoo.addons.{name}.demo")
    ]


def sort_by_dependency(names: list[str]) -> list[str]:
    """``names`` from the ground up: the fewer floors below, the earlier."""

    @cache
    def floor(name: str) -> int:
        depends = get_manifest(name).get("depends", ())
        return 1 + max(map(floor, depends), default=0)

    return sorted(names, key=lambda name: (floor(name), name))
