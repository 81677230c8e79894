"""State machines have one clock, the database's: ``cr.now()``, or SQL's own.

Python's clock is another machine's and another moment's: a state that one of them sets
and the other asks for is early or late by their difference, and a test that freezes one
alone sees what never happens.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from clinic_cli.layout import modules

WATCHED = (
    "clinic_base",
    "clinic_portal",
    "clinic_schedule",
    "clinic_message",
    "clinic_emr",
    "clinic_decision",
    "clinic_finance",
    "clinic_finance_bank",
    "clinic_finance_report",
    "clinic_cash",
    "payment_yookassa",
    "clinic_finance_yookassa",
)
# {call: how many arguments it has where it asks Python's clock}
PYTHONS = {
    "Datetime.now": 0,
    "Date.today": 0,
    "datetime.now": 0,
    "datetime.utcnow": 0,
    "date.today": 0,
    "time.time": 0,
    "Date.context_today": 1,
}
# {file: why its reading of Python's clock decides no state}
JUDGED = {
    "models/engine/clinic_visit_profile.py": "a default that the form shows",
    "models/roster/clinic_shift_pattern.py": "a default that the form shows",
    "reports/clinic_day_sheet.py": "when a sheet was printed",
    "tools/patient_rows.py": "which years a date of birth may have",
    "wizards/clinic_decision_trial.py": "a default that the form shows",
}


def find_readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines that ask Python for the time, or hand over its clock as a default."""
    called = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called.add(node.func)
            name = _name(node.func)
            if PYTHONS.get(name) == len(node.args):
                yield node.lineno, name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in called:
            if _name(node) in PYTHONS:
                yield node.lineno, _name(node)


def _name(node: ast.AST) -> str:
    return ".".join(ast.unparse(node).split(".")[-2:])


@pytest.mark.parametrize("name", WATCHED)
def test_only_the_database_says_what_time_it_is(name):
    folder = modules()[name].path
    found = []
    for path in sorted(folder.rglob("*.py")):
        file = str(path.relative_to(folder))
        if file.startswith("tests/") or file in JUDGED:
            continue
        for line, call in find_readings(ast.parse(path.read_text())):
            found.append(f"{file}:{line}: {call}")
    assert found == []


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("fields.Datetime.now()", 1),
        ("x = fields.Datetime(default=fields.Datetime.now)", 1),
        ("fields.Date.context_today(self)", 1),
        ("fields.Date.context_today(self, self.env.cr.now())", 0),
        ("self.env.cr.now()", 0),
    ],
)
def test_a_reading_of_pythons_clock_is_found(line, count):
    assert len(list(find_readings(ast.parse(line)))) == count
