"""Whoever may read a model reads it without saying which fields."""

from __future__ import annotations

import pytest
from clinic_cli import databases, odoo
from clinic_cli.progress import Progress

# Tables of Odoo that refuse it without the suite as well, by a value that they compute
# from what the login may not read, and why.
ODOOS = {
    "account.account": "counts journal items",
    "account.analytic.account": "sums analytic lines",
    "account.code.mapping": "is made for the chart of accounts alone",
    "account.move": "decorates activities, which a patient does not see",
    "account.move.line": "computes from taxes, which a patient does not see",
    "account.payment.method.line": "looks for journals",
    "account.payment.term": "computes from its lines, which a patient does not see",
    "account.root": "wants a filter",
    "digest.digest": "computes figures of all applications",
    "hr.department": "looks into contracts of employees",
    "hr.employee": "has private fields beside what an administrator reads",
    "hr.leave.type": "counts accrual plans",
    "ir.default": "names fields, which administrators read",
    "mail.message": "looks for the journal entry it is about",
    "res.company": "looks for fiscal positions, which a patient does not see",
    "res.partner": "decorates activities, which a patient does not see",
    "res.partner.bank": "looks into salaries of employees",
    "res.users": "passes on private fields of the employee",
}

WALK = """
import logging
from odoo.tests.common import new_test_user
from odoo.addons.clinic_base.tests.common import ROLES, make_role_user

logging.disable(logging.CRITICAL)
made = [make_role_user(env, one, login="walk_" + one) for one in (*ROLES, "system")]
users = env["res.users"].concat(*made) | env["res.users"].search([])


def get_readings(records):
    names = list(records.fields_get(attributes=()))
    yield "search_read", lambda: records.search_read([], limit=1)
    yield "read", lambda: records.search([], limit=1).read()
    specification = dict.fromkeys(names, {})
    yield "web", lambda: records.web_search_read([], specification, limit=1)


def is_table(model):
    return not model._abstract and not model._transient


answer = []
for user in users:
    tables = (env[name].with_user(user) for name in sorted(env.registry))
    for records in filter(is_table, tables):
        if not records.has_access("read"):
            continue
        for way, read in get_readings(records):
            try:
                with env.cr.savepoint() as undo:
                    env.invalidate_all()
                    read()
                    undo.rollback()
            except Exception as error:
                answer.append([records._name, user.login, way, f"{error!r:.200}"])
"""


@pytest.fixture(scope="module")
def refusals(postgresql):
    """[model, login, way, error] of each reading of the demonstration clinic."""
    template = databases.ensure_demo_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        return odoo.ask(database, WALK)


def test_every_model_is_read_without_a_list_of_fields(refusals):
    found = [one for one in refusals if one[0] not in ODOOS]
    assert not found, "\n".join(map(" ".join, found))


def test_what_is_forgiven_of_odoo_is_still_there(refusals):
    assert not ODOOS.keys() - {one[0] for one in refusals}
    assert not [name for name in ODOOS if name.startswith("clinic.")]
