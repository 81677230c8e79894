"""Brings a clone to the point where a command can work, doing only what is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from . import addons_folder, odoo, odoo_source, postgres, system_packages, venv
from .errors import disk_full, no_rights
from .layout import LOCAL, ROOT
from .locks import exclusive
from .postgres import Server
from .progress import Progress
from .system_packages import Package

_SPACE = 4 * 2**30
TIMES = LOCAL / "times.json"


def prepare(progress: Progress, *extra: Package, development: bool = False) -> None:
    """Have packages, Python environment and Odoo; parallel callers wait."""
    _check_folder()
    with exclusive(LOCAL / "setup.lock"):
        wanted = (*system_packages.RUN, *postgres.packages(), *extra)
        system_packages.ensure(wanted, progress)
        venv.ensure(progress)
        odoo_source.ensure(progress)
        venv.link_odoo()
        addons_folder.renew()
        if development:
            venv.ensure_development(progress)


@contextmanager
def ready(
    progress: Progress, *extra: Package, development: bool = False
) -> Iterator[Server]:
    """Everything set up and a database server that answers."""
    prepare(progress, *extra, development=development)
    with postgres.serving(progress) as server:
        odoo.configure(server)
        yield server


def _check_folder() -> None:
    """
    :raises ClinicError: before any work, when it could not be finished here.
    """
    if not LOCAL.exists() and os.access(ROOT, os.W_OK):
        LOCAL.mkdir()
    if not os.access(LOCAL, os.W_OK | os.X_OK):
        raise no_rights(
            f"No right to write in {LOCAL}.",
            "Run as the user who set this clone up, or clone the repository anew.",
        )
    is_set_up = odoo_source.TREE.exists()
    if not is_set_up and shutil.disk_usage(LOCAL).free < _SPACE:
        raise disk_full("Setting up")
