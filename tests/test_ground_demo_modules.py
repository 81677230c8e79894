"""With the demonstration's data in it each module updates, and goes or says why not.

A module that holds business rows refuses in one sentence; the others go without a word
of complaint in the log.
"""

import pytest
from clinic_cli import databases, odoo
from clinic_cli.layout import LOGS, suite_modules
from clinic_cli.progress import Progress
from test_ground_install import complaints, uninstall

# Modules that hold rows of the demonstration; what else refuses is found here.
HOLDING = {"clinic_base", "clinic_message", "clinic_schedule", "clinic_finance"}
TRY_EACH = """
from odoo.exceptions import UserError

answer = {{}}
for name in {names}:
    module = env["ir.module.module"].search([("name", "=", name)])
    try:
        with env.cr.savepoint() as savepoint:
            module.button_uninstall()
            savepoint.rollback()
        answer[name] = ""
    except UserError as refusal:
        answer[name] = str(refusal)
    env.invalidate_all()
"""


@pytest.fixture(scope="module")
def lively(postgresql):
    """A copy of the demonstration clinic."""
    template = databases.ensure_demo_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        yield database


@pytest.fixture(scope="module")
def refusals(lively):
    """{module: what is said when somebody presses "Uninstall"; nothing if it goes}."""
    return odoo.ask(lively, TRY_EACH.format(names=suite_modules()))


def test_a_module_with_business_rows_refuses_in_one_sentence(refusals):
    said = {name: text for name, text in refusals.items() if text}
    assert said.keys() >= HOLDING
    for name, text in said.items():
        assert len(text.splitlines()) == 1, (name, text)
        assert text.strip().endswith("."), (name, text)


def test_updating_all_of_it_says_nothing(lively, postgresql):
    with databases.scratch(postgresql, lively) as database:
        odoo.change_modules(database, Progress(), update=suite_modules())
        assert not complaints(LOGS / f"{database}.log")


def test_the_others_go_without_a_complaint(lively, postgresql, refusals):
    going = [name for name, refusal in refusals.items() if not refusal]
    assert going
    with databases.scratch(postgresql, lively) as database:
        assert not complaints(uninstall(database, *going))
