"""``./clinic doctor``: says what is missing or wrong and how to mend it."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .. import (
    apt_sources,
    archive,
    databases,
    odoo,
    odoo_source,
    postgres,
    process,
    system_packages,
    venv,
)
from ..errors import ClinicError, ExitCode
from ..layout import DEMO_DATABASE, LOCAL, PYTHON
from ..postgres import Server
from ..progress import Progress

HELP = "say what is missing or wrong, and how to mend it"

# What refuses a second visit is the database itself: (table, constraint or index).
GUARDS = (
    ("clinic_occupancy", "clinic_occupancy_resource_no_overlap"),
    ("clinic_occupancy", "clinic_occupancy_patient_no_overlap"),
    ("clinic_shift", "clinic_shift_specialist_no_overlap"),
    ("clinic_shift", "clinic_shift_room_no_overlap"),
    ("clinic_visit_profile", "clinic_visit_profile_no_overlap"),
    ("clinic_appointment", "clinic_appointment_seat_once"),
    ("clinic_limit_claim", "clinic_limit_claim_number_once"),
)
# What asks of the outbox, where it is installed.
_UNSENT = (
    'answer = env["clinic.message"]._find_faults() if "clinic.message" in env else []'
)
_LOG_FAULTS = 'answer = env["clinic.access.log"]._find_faults()'
_ROLES = 'answer = env["clinic.medical.grant"]._get_differences()'
_UNGUARDED = """
SELECT tablename, guard FROM (VALUES {guards}) AS guarded(tablename, guard)
 WHERE to_regclass(tablename) IS NOT NULL AND NOT EXISTS (
   SELECT 1 FROM pg_index
    WHERE indexrelid = to_regclass(guard) AND indrelid = to_regclass(tablename)
      AND indisvalid AND (indisunique OR indisexclusion))
"""


@dataclass(frozen=True)
class Finding:
    """Something wrong, and how to mend it."""

    cause: str
    cure: str
    # Otherwise it is good to know, but the server does what it is told.
    is_fault: bool = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--database", default=DEMO_DATABASE)


def run(args: argparse.Namespace) -> int:
    findings = [
        *_examine("Disk", _disk),
        *_examine("System packages", _packages),
        *_examine("Python environment", _python),
        *_examine("Odoo", _odoo),
        *_examine("PostgreSQL", lambda: _database(args.database)),
    ]
    if any(finding.is_fault for finding in findings):
        return ExitCode.FAILED
    if not findings:
        print("All is well.")
    return ExitCode.OK


def _examine(what: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        findings = list(check())
    except ClinicError as error:
        findings = [Finding(error.cause, error.cure)]
    print(f"{what}: {'ok' if not findings else ''}")
    for finding in findings:
        print(f"  - {finding.cause}\n    cure: {finding.cure}")
    return findings


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(LOCAL.parent).free
    if free < 2**30:
        yield Finding(
            f"Only {free // 2**20} MB are free.", "Free some space on this disk."
        )


def _packages() -> Iterator[Finding]:
    groups = (
        ("all commands", (*system_packages.RUN, *postgres.packages())),
        ("./clinic test", system_packages.TEST),
        ("./clinic lint", system_packages.LINT),
    )
    for command, packages in groups:
        if names := system_packages.missing(packages):
            yield Finding(
                f"Missing for {command}: {', '.join(names)}.",
                f"apt-get install {' '.join(names)} (or let ./clinic install them)",
            )


def _python() -> Iterator[Finding]:
    if not venv.is_current():
        yield Finding(
            "The virtual environment is not made, half made or out of date.",
            "Any command that needs it makes it: ./clinic demo",
        )
        return
    process.run(
        [PYTHON, "-c", "import odoo.release, psycopg2, lxml.etree, weasyprint"],
        what="Importing Odoo's libraries",
        cure=f"Remove {LOCAL / 'venv'} and run ./clinic demo.",
    )


def _odoo() -> Iterator[Finding]:
    if not odoo_source.is_current():
        yield Finding(
            "Odoo is not unpacked, half unpacked or out of date.",
            "Any command that needs it does it: ./clinic demo",
        )
        apt_sources.debian_source()


def _database(database: str) -> Iterator[Finding]:
    if not postgres.is_set_up():
        yield Finding(
            "The private database cluster is not made.", "./clinic demo makes it."
        )
        return
    with postgres.serving(Progress()) as server:
        if not databases.exists(server, database):
            yield Finding(
                f"There is no database {database}.",
                "./clinic demo makes one; --database examines another one.",
            )
        else:
            yield from _contents(server, database)


def unguarded(server: Server, database: str) -> list[list[str]]:
    """Pairs (table, constraint or index) that ought to be in ``database``."""
    guards = ", ".join(f"('{table}', '{guard}')" for table, guard in GUARDS)
    return server.sql(_UNGUARDED.format(guards=guards), database)


def _check_medical_log(database: str) -> Iterator[Finding]:
    for fault in odoo.ask(database, _LOG_FAULTS):
        yield Finding(
            f"{database}: the log of access to medical records is not whole: {fault}.",
            "Find out who had the database; the last backups hold the log as it was. "
            "docs/security.md says how to go on from there.",
        )


def _check_outbox(database: str) -> Iterator[Finding]:
    for line in odoo.ask(database, _UNSENT):
        yield Finding(
            f"{database}: {line}: no gateway.",
            "Add a gateway under Configuration / Messages, or a mail server for "
            "e-mails, then press “Send now” in the outbox.",
            is_fault=False,
        )


def ungranted(database: str) -> list[str]:
    """Who is medical in ``database`` without a grant by those who may, in sentences."""
    return odoo.ask(database, _ROLES)


def _contents(server: Server, database: str) -> Iterator[Finding]:
    odoo.configure(server)
    yield from _check_medical_log(database)
    for line in ungranted(database):
        yield Finding(
            f"{database}: a medical role was changed past the chief physician: {line}",
            "A chief physician takes the role away, or gives it, in the users' form.",
        )
    for table, guard in unguarded(server, database):
        yield Finding(
            f"{database}: the table {table} lacks {guard}, so double booking is not "
            "refused.",
            "Mend the rows that overlap (the log of the last update names them), "
            "then update the module.",
        )
    yield from _check_outbox(database)
    if lost := archive.missing_files(server, database):
        yield Finding(
            f"{database}: {len(lost)} attached files are missing, such as {lost[0]}.",
            "Bring them back from a backup's filestore.",
        )
