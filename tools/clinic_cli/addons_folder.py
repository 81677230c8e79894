"""The folder of links by which Odoo finds our modules and nothing else.

Odoo opens any file below a folder of addons that a name leads to. The root of the clone
is none, because configuration, keys and data lie there too. Decision 0050 tells why.
"""

from __future__ import annotations

import os

from .layout import ADDONS, modules


def renew() -> None:
    """Have one relative link for each module of the repository, and no other."""
    ADDONS.mkdir(parents=True, exist_ok=True)
    wanted = {
        name: os.path.relpath(module.path, ADDONS) for name, module in modules().items()
    }
    for link in ADDONS.iterdir():
        if not link.is_symlink() or os.readlink(link) != wanted.get(link.name):
            link.unlink()
    for name, target in wanted.items():
        link = ADDONS / name
        if not link.is_symlink():
            link.symlink_to(target)
