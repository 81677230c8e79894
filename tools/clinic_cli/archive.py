"""A backup: one ``.tar.gz`` with the dump, the filestore and a manifest of both."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from . import databases
from .errors import ClinicError, ExitCode
from .postgres import Server
from .stamps import digest_tree

_DUMP = "database.dump"
_FILES = "filestore"
_MANIFEST = "manifest.json"
_EXCLUSIONS = "SELECT conname FROM pg_constraint WHERE contype = 'x' ORDER BY conname"
_HAS_LOG = "SELECT 1 WHERE to_regclass('clinic_access_log') IS NOT NULL"
_LOG_END = "SELECT id, hash FROM clinic_access_log ORDER BY id DESC LIMIT 1"
_LOG_ROW = "SELECT 1 FROM clinic_access_log WHERE id = {} AND hash = {}"
_STORED_FILES = (
    "SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL"
)


@dataclass(frozen=True)
class Manifest:
    """What a backup must give back."""

    database: str
    made_at: str
    postgresql: int
    dump_sha256: str
    files_digest: str
    files: int
    exclusion_constraints: list[str]
    # Last row of the log of medical access, [] where there is none: a log that was cut
    # or written anew later is found out by its backups.
    access_log: list[str]


def write(
    server: Server, database: str, made_at: str, target: Path, stage: Path
) -> Manifest:
    """Back ``database`` up into the new file ``target``.

    The filestore is linked before and after the dump: every file that the dump's
    moment refers to is in one of the two, though Odoo goes on working meanwhile.
    """
    files = stage / _FILES
    files.mkdir()
    _link_files(databases.filestore(database), files)
    last_row = access_log_end(server, database)
    server.program(
        *("pg_dump", "--format=custom", "--no-owner"),
        *("--file", stage / _DUMP, database),
    )
    _link_files(databases.filestore(database), files)
    manifest = Manifest(
        database=database,
        made_at=made_at,
        postgresql=server.version,
        dump_sha256=_sha256(stage / _DUMP),
        files_digest=digest_tree(files, _walk(files)),
        files=sum(1 for _ in _walk(files)),
        exclusion_constraints=exclusion_constraints(server, database),
        access_log=last_row,
    )
    (stage / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))
    partial = target.with_name(target.name + ".partial")
    with tarfile.open(partial, "w:gz", compresslevel=1) as archive:
        for name in (_MANIFEST, _DUMP, _FILES):
            archive.add(stage / name, name)
    partial.chmod(0o600)
    partial.replace(target)
    return manifest


def unpack(source: Path, stage: Path) -> Manifest:
    """Unpack a backup and check it against its manifest.

    :raises ClinicError: when it is no backup, or damaged.
    """
    try:
        with tarfile.open(source) as archive:
            _extract(archive, stage)
        manifest = Manifest(**json.loads((stage / _MANIFEST).read_text()))
        files = stage / _FILES
        intact = (
            _sha256(stage / _DUMP) == manifest.dump_sha256
            and digest_tree(files, _walk(files)) == manifest.files_digest
        )
    except (tarfile.TarError, EOFError, ValueError, TypeError, FileNotFoundError):
        intact = False
    if not intact:
        raise ClinicError(
            f"{source} is no whole backup of ./clinic backup.",
            "Take another copy of the backup.",
            ExitCode.STATE,
        )
    return manifest


def load(server: Server, database: str, stage: Path, manifest: Manifest) -> None:
    """Fill the new ``database`` from an unpacked backup and check what came back.

    :raises ClinicError: when a file or an exclusion constraint is missing.
    """
    databases.create_empty(server, database)
    server.program(
        *("pg_restore", "--no-owner", "--exit-on-error", "--jobs=2"),
        *("--dbname", database, stage / _DUMP),
    )
    databases.drop_filestore(database)
    databases.filestore(database).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(stage / _FILES, databases.filestore(database))
    _check(server, database, manifest)


def exclusion_constraints(server: Server, database: str) -> list[str]:
    return [row[0] for row in server.sql(_EXCLUSIONS, database)]


def access_log_end(server: Server, database: str) -> list[str]:
    """Number and hash of the last row of the log of medical access, if it has one."""
    if not server.sql(_HAS_LOG, database):
        return []
    return next(iter(server.sql(_LOG_END, database)), [])


def missing_files(server: Server, database: str) -> list[str]:
    """The files that attachments of ``database`` name and the filestore lacks."""
    folder = databases.filestore(database)
    names = [row[0] for row in server.sql(_STORED_FILES, database)]
    return [name for name in names if not (folder / name).is_file()]


def _check(server: Server, database: str, manifest: Manifest) -> None:
    absent = set(manifest.exclusion_constraints) - set(
        exclusion_constraints(server, database)
    )
    if absent:
        raise ClinicError(
            f"After the restore the database lacks {', '.join(sorted(absent))}.",
            "Do not use it; restore with the PostgreSQL version of the backup "
            f"({manifest.postgresql}).",
            ExitCode.STATE,
        )
    if manifest.access_log and not server.sql(
        _LOG_ROW.format(int(manifest.access_log[0]), _quoted(manifest.access_log[1])),
        database,
    ):
        raise ClinicError(
            "The log of medical access does not hold the row that the backup names.",
            "The backup was changed; take another copy of it.",
            ExitCode.STATE,
        )
    if lost := missing_files(server, database):
        raise ClinicError(
            f"The backup lacks {len(lost)} files that records refer to.",
            "They were already missing when it was made; take an older backup.",
            ExitCode.STATE,
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _extract(archive: tarfile.TarFile, stage: Path) -> None:
    if hasattr(tarfile, "data_filter"):
        archive.extractall(stage, filter="data")
        return
    # Python before 3.10.12 and 3.11.4: refuse by hand what the filter refuses.
    for member in archive.getmembers():
        inside = (stage / member.name).resolve().is_relative_to(stage.resolve())
        if not inside or not (member.isfile() or member.isdir()):
            raise tarfile.TarError(member.name)
    archive.extractall(stage)


def _link_files(source: Path, target: Path) -> None:
    for path in _walk(source):
        link = target / path.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            os.link(path, link)


def _walk(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(2**20):
            total.update(block)
    return total.hexdigest()
