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


OUTBOX_ALONE = ("clinic_message", "sms_smsc")
SEND_BY_A_GATEWAY = """
from odoo.addons.sms_smsc.tests.fake_smsc import FakeSmsc

fake = FakeSmsc()
company = env.company
company.write({"clinic_quiet_from": 9, "clinic_quiet_to": 9})
env["clinic.branch"].create({"name": "North", "company_id": company.id})
env["clinic.sms.account"].create({
    "name": "Fake", "provider": "smsc", "company_id": company.id,
    "login": "clinic", "secret": "open sesame", "url": fake.url,
})
text = {"channel": "sms", "recipient": "+79160000001", "body": "Hello"}
message = env["clinic.message"]._enqueue("other", [{"key": "alone", **text}])
env.cr.commit()
message._process_outbox()
fake.close()
message.invalidate_recordset()
answer = [message.state, len(fake.taken)]
"""
WRITE_MESSAGES = """
text = {"channel": "sms", "recipient": "+79160000001", "body": "Pay, please"}
rows = [{"key": key, **text} for key in ("waits", "went")]
waits, went = env["clinic.message"]._enqueue("unpaid", rows)
went.state = "sent"
env.cr.commit()
answer = True
"""
READ_MESSAGES = """
messages = env["clinic.message"].search([], order="id")
answer = [[one.purpose, one.state, one.reason, one.body] for one in messages]
"""
TRY_TO_UNINSTALL = """
from odoo.exceptions import UserError

module = env["ir.module.module"].search([("name", "=", "{name}")])
try:
    module.button_uninstall()
    answer = ""
except UserError as refusal:
    answer = str(refusal)
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


def uninstall(database, *names):
    """The log of an uninstallation."""
    log = LOGS / f"{database}-uninstall.log"
    follow(
        odoo.command("module uninstall", database, *names),
        what="Uninstalling modules",
        cure="Mend what the message names.",
        log=log,
        on_line=lambda line: None,
    )
    return log


def try_to_uninstall(database, name):
    """What is said when somebody presses the button; nothing if it would be done."""
    return odoo.ask(database, TRY_TO_UNINSTALL.format(name=name))


def test_a_module_that_goes_takes_no_message_with_it(installed, postgresql):
    with databases.scratch(postgresql, installed) as database:
        odoo.ask(database, WRITE_MESSAGES)
        assert not complaints(uninstall(database, "clinic_finance"))
        assert odoo.ask(database, READ_MESSAGES) == [
            ["other", "cancelled", "gone", "Pay, please"],
            ["other", "sent", False, "Pay, please"],
        ]
        # The texts come back with the module, once.
        odoo.change_modules(database, Progress(), install=["clinic_finance"])
        assert not complaints(LOGS / f"{database}.log")
        [[texts]] = postgresql.sql(
            "SELECT count(*) FROM clinic_message_template"
            " WHERE active AND purpose = 'unpaid'",
            database,
        )
        assert int(texts) == 2


@pytest.mark.parametrize("name", ["clinic_cash", "clinic_decision"])
def test_a_module_that_holds_nothing_goes_without_a_complaint(
    installed, postgresql, name
):
    with databases.scratch(postgresql, installed) as database:
        assert not complaints(uninstall(database, name))


def test_the_outbox_stands_alone_sends_and_stays_with_its_messages(postgresql):
    template = databases.ensure_deps_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        odoo.change_modules(database, Progress(), install=OUTBOX_ALONE)
        assert not complaints(LOGS / f"{database}.log")
        found = postgresql.sql(
            "SELECT name FROM ir_module_module"
            " WHERE state = 'installed' AND name LIKE 'clinic%' ORDER BY name",
            database,
        )
        names = {name for [name] in found}
        assert names == {"clinic_base", "clinic_base_website", "clinic_message"}
        assert odoo.ask(database, SEND_BY_A_GATEWAY) == ["sent", 1]
        for name in ("clinic_message", "clinic_base"):
            refusal = try_to_uninstall(database, name)
            assert "Message to a patient" in refusal
            assert len(refusal.splitlines()) == 1
        # The gateway goes, what it has sent stays.
        assert not complaints(uninstall(database, "sms_smsc"))
        [[purpose, state, *_rest]] = odoo.ask(database, READ_MESSAGES)
        assert (purpose, state) == ("other", "sent")


def test_uninstalls_without_complaint_and_leftovers(installed, postgresql):
    present = [name for name in CORE_MODULES if name in modules()]
    assert not complaints(uninstall(installed, *present))
    assert not postgresql.sql(LEFTOVERS, installed)
