"""Databases: templates made once, and clones of them that cost a second.

Three templates stand on one another (decision 0003): ``tpl_deps_…`` holds what our
modules depend on, ``tpl_suite_…`` our modules as well, ``tpl_demo_…`` the small clinic
that tests play on, too. Each name ends in a hash of what went in, so that a stale one
is never used.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import odoo, odoo_source
from .errors import ClinicError, ExitCode
from .layout import (
    DATA,
    DEMO_MODULE,
    LOCAL,
    ROOT,
    modules,
    suite_modules,
    third_party_modules,
)
from .locks import exclusive
from .postgres import Server
from .progress import Progress
from .stamps import digest, digest_tree
from .venv import REQUIREMENTS

LANGUAGES = ("en_US", "ru_RU")
_TEMPLATE = re.compile(r"tpl_(deps|suite|demo)_[0-9a-f]{12}(_partial)?")
_SCRATCH = re.compile(r"scratch_(\d+)_[0-9a-f]+")
# What each module shows in the demonstration is no part of an installation.
_PARTS = "demo"
_NOT_INSTALLED = {"tests", "__pycache__", "readme", _PARTS}
# Odoo reads scripts and styles from the files whenever it makes a bundle.
_READ_AT_RUN_TIME = ("static", "src")
# A clone must not share secrets and identity with what it was cloned from.
_NEW_IDENTITY = """
UPDATE ir_config_parameter SET value = gen_random_uuid()
 WHERE key IN ('database.secret', 'database.uuid')
"""


def filestore(database: str) -> Path:
    return DATA / "filestore" / database


def log_head(database: str) -> Path:
    """The sealed file that knows the last row of the log of medical access."""
    return DATA / "access_log" / f"{database}.head"


def suite_key() -> str:
    """The hash of all that a database of the suite is made of."""
    return digest(_deps_key(), *_module_keys(suite_modules()))


def demo_key() -> str:
    """The hash of all that a demonstration is made of, but for what it shows."""
    return digest(suite_key(), *_module_keys([DEMO_MODULE]))


def ensure_deps_template(server: Server, progress: Progress) -> str:
    """The template with what the suite depends on, and Russian."""
    with exclusive(LOCAL / "templates.lock"):
        return _deps_template(server, progress)


def ensure_suite_template(server: Server, progress: Progress) -> str:
    """The template with every module of ours but the demonstration clinic."""
    with exclusive(LOCAL / "templates.lock"):
        return _suite_template(server, progress)


def ensure_demo_template(server: Server, progress: Progress) -> str:
    """The template with the small clinic, on which tests and cases play."""
    with exclusive(LOCAL / "templates.lock"):
        name = f"tpl_demo_{demo_key()}"
        if not exists(server, name):
            suite = _suite_template(server, progress)
            with progress.step("Database: load the small clinic of the tests"):
                _build(server, progress, name, suite, install=[DEMO_MODULE])
        return name


def exists(server: Server, database: str) -> bool:
    return bool(
        server.sql(f"SELECT 1 FROM pg_database WHERE datname = {_literal(database)}")
    )


def require(server: Server, database: str) -> None:
    """
    :raises ClinicError: when there is no such database.
    """
    if not exists(server, database):
        raise ClinicError(
            f"There is no database {database}.",
            "Make the demonstration clinic with ./clinic demo, or name another "
            "one with --database.",
            ExitCode.STATE,
        )


def clone(server: Server, template: str, database: str) -> None:
    """Copy ``template`` with its files; the copy gets an identity of its own."""
    server.program("createdb", "--template", template, database)
    drop_filestore(database)
    if filestore(template).is_dir():
        # Files of the store are never changed in place, so names can share them.
        shutil.copytree(filestore(template), filestore(database), copy_function=os.link)
    if log_head(template).is_file():
        shutil.copy2(log_head(template), log_head(database))
    server.sql(_NEW_IDENTITY, database)


def drop(server: Server, database: str) -> None:
    server.program("dropdb", "--if-exists", "--force", database)
    drop_filestore(database)


def rename(server: Server, database: str, name: str) -> None:
    """Give ``database`` and its files another name, which must be free."""
    drop_filestore(name)
    if filestore(database).is_dir():
        filestore(database).rename(filestore(name))
    if log_head(database).is_file():
        log_head(database).replace(log_head(name))
    server.sql(f'ALTER DATABASE "{database}" RENAME TO "{name}"')


def drop_filestore(database: str) -> None:
    """Remove what belongs to a database and lies outside of it."""
    shutil.rmtree(filestore(database), ignore_errors=True)
    log_head(database).unlink(missing_ok=True)


@contextmanager
def scratch(server: Server, template: str | None) -> Iterator[str]:
    """A clone that is dropped at the end, or by the next run if this one is killed.

    Without a ``template`` it is empty, as Odoo would make it.
    """
    _drop_orphans(server)
    name = f"scratch_{os.getpid()}_{secrets.token_hex(3)}"
    if template:
        clone(server, template, name)
    else:
        create_empty(server, name)
    try:
        yield name
    finally:
        drop(server, name)


def create_empty(server: Server, database: str) -> None:
    """Make a database the way Odoo does: C collation and the trigram extension."""
    server.program(
        *("createdb", "--template=template0", "--encoding=UTF8", "--lc-collate=C"),
        database,
    )
    server.sql("CREATE EXTENSION IF NOT EXISTS pg_trgm", database)


def key_of(server: Server, database: str) -> str:
    """The suite's hash that ``database`` was last brought to."""
    rows = server.sql(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database"
        f" WHERE datname = {_literal(database)}"
    )
    return rows[0][0] if rows else ""


def set_key(server: Server, database: str, key: str) -> None:
    server.sql(f'COMMENT ON DATABASE "{database}" IS {_literal(key)}')


def _suite_template(server: Server, progress: Progress) -> str:
    name = f"tpl_suite_{suite_key()}"
    if not exists(server, name):
        deps = _deps_template(server, progress)
        with progress.step("Database: install the suite"):
            _build(server, progress, name, deps, install=suite_modules())
        _drop_stale_templates(server)
    return name


def _deps_template(server: Server, progress: Progress) -> str:
    name = f"tpl_deps_{_deps_key()}"
    if not exists(server, name):
        with progress.step("Database: install what the suite depends on"):
            _build(server, progress, name, None, install=third_party_modules())
    return name


def _build(
    server: Server,
    progress: Progress,
    name: str,
    base: str | None,
    install: Iterable[str],
) -> None:
    """Make a template under another name and rename it when it is whole."""
    partial = f"{name}_partial"
    drop(server, partial)
    if base:
        clone(server, base, partial)
    else:
        create_empty(server, partial)
    odoo.change_modules(
        partial,
        progress,
        install=install,
        languages=() if base else LANGUAGES,
    )
    rename(server, partial, name)


def _deps_key() -> str:
    return digest(odoo_source.identity(), REQUIREMENTS, *third_party_modules())


def _module_keys(names: Iterable[str]) -> list[str]:
    return [digest_tree(ROOT, _installed_files(modules()[name].path)) for name in names]


def _installed_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if (
            path.is_file()
            and not _NOT_INSTALLED.intersection(parts)
            and parts[:2] != _READ_AT_RUN_TIME
        ):
            yield path


def _drop_stale_templates(server: Server) -> None:
    keep = {
        f"tpl_deps_{_deps_key()}",
        f"tpl_suite_{suite_key()}",
        *([f"tpl_demo_{demo_key()}"] if DEMO_MODULE in modules() else []),
    }
    for name in _all_databases(server):
        if _TEMPLATE.fullmatch(name) and name not in keep:
            drop(server, name)


def _drop_orphans(server: Server) -> None:
    for name in _all_databases(server):
        match = _SCRATCH.fullmatch(name)
        if match and not Path(f"/proc/{match[1]}").exists():
            drop(server, name)


def _all_databases(server: Server) -> list[str]:
    return [row[0] for row in server.sql("SELECT datname FROM pg_database")]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
