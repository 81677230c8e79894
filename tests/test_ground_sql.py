"""SQL of our own sees what the ORM has not written yet.

A function that runs a statement names the models that it reads to ``statements.fetch``,
or flushes them itself, or stands in a file with a reason why there is nothing to flush.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from clinic_cli.layout import modules

RUNNING = {"execute", "execute_query", "execute_query_dict", "execute_values"}
RUNNERS = {"cr", "env", "cursor"}
SQL_ALONE = "its rows are written and read by SQL alone"
DDL = "makes extensions, triggers and functions"
# {(module, file): why its statements have nothing to flush}
JUDGED = {
    ("clinic_base", "hooks.py"): DDL,
    ("clinic_base", "models/imports/clinic_import_turn.py"): "a lock and no table",
    ("clinic_base", "models/imports/clinic_patient_import_rows.py"): (
        "staging of its own, begun by a function that flushes everything"
    ),
    ("clinic_base", "models/patients/clinic_patient_erasure.py"): (
        "overwrites, begun by a function that flushes everything"
    ),
    ("clinic_base", "models/patients/clinic_patient_number.py"): (
        "a sequence; a number just written waits for its unique index"
    ),
    ("clinic_base", "models/patients/clinic_patient_search.py"): "asks the planner",
    ("clinic_base", "models/specialists/clinic_specialist_limit.py"): DDL,
    ("clinic_base", "models/walls/clinic_access_log.py"): SQL_ALONE,
    ("clinic_base", "models/walls/clinic_archive_mixin.py"): (
        "while a module goes, when nothing waits to be written"
    ),
    ("clinic_base", "models/walls/clinic_key_seal.py"): SQL_ALONE,
    ("clinic_base", "models/walls/clinic_login_attempt.py"): SQL_ALONE,
    ("clinic_base", "models/walls/clinic_medical_mixin.py"): (
        "numbers of sequences; ORM queries that flush; rotation on the command line"
    ),
    ("clinic_base", "models/walls/res_users.py"): "a login that is only being checked",
    ("clinic_schedule", "models/desk/clinic_appointment_board.py"): "an ORM query",
    ("clinic_schedule", "models/engine/clinic_api_call.py"): SQL_ALONE,
    ("clinic_schedule", "models/engine/clinic_appointment_patience.py"): (
        "settings of the transaction"
    ),
    ("clinic_schedule", "models/engine/placing.py"): (
        "constraints' timing, and locks on rows that the search has just flushed"
    ),
    ("clinic_schedule", "models/engine/clinic_appointment_search.py"): DDL,
    ("clinic_schedule", "models/engine/clinic_limit_claim.py"): SQL_ALONE,
    ("clinic_schedule", "models/engine/clinic_site_claim.py"): SQL_ALONE,
    ("clinic_schedule", "models/roster/clinic_branch.py"): "a notification",
    ("clinic_schedule", "models/roster/clinic_specialist.py"): "ORM queries",
    ("clinic_schedule", "models/sessions/clinic_session.py"): "numbers of a sequence",
    ("clinic_schedule", "models/telling/clinic_specialist_notice.py"): SQL_ALONE,
    ("clinic_schedule", "tools/patience.py"): "runs what others have prepared",
    ("clinic_emr", "models/card/clinic_medical_timeline.py"): "ORM queries that flush",
    ("clinic_finance", "models/settings/clinic_touch_mixin.py"): (
        "touches rows for their lock alone"
    ),
    ("clinic_calendar", "models/clinic_meeting.py"): (
        "a statement that its callers have flushed for"
    ),
    ("clinic_decision", "models/clinic_score.py"): SQL_ALONE,
    ("clinic_message", "models/outbox/clinic_message.py"): "inserts new rows",
    ("clinic_message", "models/outbox/clinic_message_sending.py"): (
        "claims right after a commit"
    ),
    ("clinic_message", "models/replies/clinic_message_reply.py"): "inserts new rows",
    ("clinic_visit_import", "models/clinic_visit_import.py"): (
        "staging of its own, begun by a function that flushes everything"
    ),
    ("payment_yookassa", "models/payment_yookassa_notice.py"): "inserts new rows",
}


def find_unflushed(tree: ast.Module) -> Iterator[str]:
    """Functions that run a statement and flush nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            calls = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
            methods = [one for one in calls if isinstance(one, ast.Attribute)]
            runs = any(
                one.attr in RUNNING and ast.unparse(one.value).split(".")[-1] in RUNNERS
                for one in methods
            )
            if runs and not any("flush" in one.attr for one in methods):
                yield node.name


def find_all() -> Iterator[tuple[str, str, str]]:
    for name, module in modules().items():
        for path in sorted(module.path.rglob("*.py")):
            file = str(path.relative_to(module.path))
            if not file.startswith("tests/") and name != "clinic_demo":
                for function in find_unflushed(ast.parse(path.read_text())):
                    yield name, file, function


def test_statements_name_what_they_read():
    found = list(find_all())
    assert [one for one in found if one[:2] not in JUDGED] == []


def test_no_reason_outlives_its_statement():
    assert JUDGED.keys() - {one[:2] for one in find_all()} == set()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("self.env.cr.execute('SELECT 1')", ["read"]),
        ("self.flush_model(); self.env.cr.execute('SELECT 1')", []),
        ("fetch(self.env, ('x',), SQL('SELECT 1'))", []),
        ("pool.execute(1)", []),
    ],
)
def test_a_statement_without_a_flush_is_found(body, found):
    assert list(find_unflushed(ast.parse(f"def read(self): {body}"))) == found
