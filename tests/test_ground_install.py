"""Every module installs and uninstalls without a word of complaint, in both languages.

What third-party modules complain about is listed by name, with the reason.
"""

import re

import pytest
from clinic_cli import databases, odoo
from clinic_cli.layout import CORE_MODULES, LOGS, modules, suite_modules
from clinic_cli.process import follow
from clinic_cli.progress import Progress

COMPLAINT = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) (?P<said>.*)$")
# (pattern of the log line, why it is nothing of ours)
ALLOWED: tuple[tuple[str, str], ...] = ()
LEFTOVERS = """
SELECT 'model ' || model FROM ir_model WHERE model LIKE 'clinic.%'
 UNION SELECT 'table ' || tablename FROM pg_tables WHERE tablename LIKE 'clinic\\_%'
 UNION SELECT 'column ' || table_name || '.' || column_name
         FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name LIKE 'clinic\\_%'
"""


def complaints(log):
    """The lines of a log above INFO that nobody has explained."""
    found = (COMPLAINT.match(line) for line in log.read_text().splitlines())
    return [
        match["said"]
        for match in found
        if match and not any(re.search(known, match["said"]) for known, _ in ALLOWED)
    ]


@pytest.fixture(scope="module")
def installed(postgresql):
    """A database on which everything was installed in one go, in English."""
    with databases.scratch(postgresql, None) as database:
        odoo.change_modules(database, Progress(), install=suite_modules())
        yield database


def test_installs_on_an_empty_database_without_complaint(installed):
    assert not complaints(LOGS / f"{installed}.log")


def test_russian_loads_without_complaint(installed):
    odoo.change_modules(installed, Progress(), languages=["ru_RU"])
    assert not complaints(LOGS / f"{installed}.log")


def test_installs_in_russian_without_complaint(postgresql):
    template = databases.ensure_deps_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        odoo.change_modules(database, Progress(), install=suite_modules())
        assert not complaints(LOGS / f"{database}.log")


def test_uninstalls_without_complaint_and_leftovers(installed, postgresql):
    log = LOGS / f"{installed}-uninstall.log"
    present = [name for name in CORE_MODULES if name in modules()]
    follow(
        odoo.command("module uninstall", installed, *present),
        what="Uninstalling the suite",
        cure="Mend what the message names.",
        log=log,
        on_line=lambda line: None,
    )
    assert not complaints(log)
    assert not postgresql.sql(LEFTOVERS, installed)
