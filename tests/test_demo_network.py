"""The network of the demonstration is alive whenever it is opened.

Made at a small scale by the code that makes the large one; the dates are those on which
it would be empty if it were not.
"""

from __future__ import annotations

import pytest
from clinic_cli import databases, odoo
from clinic_cli.layout import DEMO_MODULE
from clinic_cli.progress import Progress

SUNDAY_EVENING = "2026-12-06 16:40:00"  # 19:40 in Moscow
MONDAY_MORNING = "2026-12-07 05:20:00"  # 08:20 in Moscow
NEW_YEARS_EVE = "2026-12-31 09:10:00"
# Europe's clocks change that night; the days of the network go on as ever.
CLOCK_CHANGE = "2027-03-28 06:30:00"
# Days back, days ahead, patients, fullness of what else would be booked.
SCALE = (2, 2, 90, 0.5)
MAKE = """
from datetime import datetime
from odoo.addons.clinic_demo.network import Network, Scale
network = Network.new(env, {lang!r}, Scale(*{scale}), datetime.fromisoformat({now!r}))
network.plan()
network.live()
env.cr.commit()
answer = True
"""
ROLL = """
from datetime import datetime
from odoo.addons.clinic_demo.network import Network
network = Network.open(env, datetime.fromisoformat({now!r}))
answer = network.live()
env.cr.commit()
"""
LOOK = """
from datetime import datetime, timedelta
now = datetime.fromisoformat({now!r})
visits = env["clinic.appointment"]
chief = env["res.users"].search([("login", "=", "chief")])
# The wall holds for the superuser too.
records = env["clinic.encounter"].with_user(chief)
open_shifts = env["clinic.shift"].search([("start", "<=", now), ("stop", ">", now)])
soon = now + timedelta(minutes=45)
answer = {{
    "receiving": len(open_shifts),
    "in_hall": visits.search_count([("state", "=", "arrived")]),
    "with_specialist": visits.search_count([("state", "=", "in_progress")]),
    "late": visits.search_count(
        [("state", "in", ("booked", "confirmed")), ("start", "<=", now)]
    ),
    "soon": visits.search_count([("start", ">", now), ("start", "<=", soon)]),
    "stale": visits.search_count(
        [("state", "in", ("booked", "confirmed", "arrived")), ("stop", "<=", now)]
    ),
    "ahead": visits.search_count([("start", ">", now + timedelta(days=1))]),
    "done": visits.search_count([("state", "=", "done")]),
    "signed": records.search_count([("state", "=", "signed")]),
    "paid": env["clinic.charge"].search_count([("state", "=", "paid")]),
    "owed": env["clinic.charge"].search_count([("state", "=", "invoiced")]),
    "sales": env["clinic.cash.sale"].search_count([]),
    "texts": min(
        len(set(records.search([]).mapped(name)))
        for name in ("complaint", "examination", "conclusion", "recommendations")
    ),
    "decided": len(records.search([]).prescription_ids),
    "doubles": env["clinic.patient.duplicate"].search_count([]),
    "merged": env["clinic.patient.merge"].search_count([]),
    "wishes": env["clinic.booking.request"].search_count(
        [("origin", "=", "waiting"), ("state", "=", "open")]
    ),
    "screens": env["clinic.hall.screen"].search_count([]),
    "closures": env["clinic.room.closure"].search_count([]),
    "packages": sum(
        one.state == "ready" for one in env["clinic.package"].search([])
    ),
    "by_video": visits.search_count([("telemedicine", "=", True)]),
    "replies": sorted(set(env["clinic.message.reply"].search([]).mapped("state"))),
    "logins": env["clinic.demo.login"].search([]).mapped("login"),
    "companies": env["res.company"].search_count([]),
    "stranded": visits.search_count([("stranded", "=", True)]),
}}
"""
WRITE = """
mail = env["mail.mail"].create(
    {
        "email_to": "Somebody <somebody@mail.example>",
        "subject": "Hello",
        "body_html": "<p>Hello</p>",
        "auto_delete": False,
    }
)
mail.send()
letter = env["clinic.demo.letter"].search([])
answer = [letter.recipient, letter.subject, mail.state]
"""
RUSSIAN_LETTERS = """
import re
letters = re.compile("[А-Яа-яЁё]")
chief = env["res.users"].search([("login", "=", "chief")])
seen = []
for model, name in (
    ("clinic.branch", "name"), ("clinic.room", "name"), ("clinic.specialist", "name"),
    ("clinic.specialist", "public_title"), ("clinic.specialist", "public_text"),
    ("product.product", "name"), ("clinic.patient", "name"),
    ("clinic.screening.question", "name"), ("clinic.screening.option", "name"),
    ("clinic.encounter", "complaint"), ("clinic.encounter", "conclusion"),
    ("clinic.encounter", "examination"), ("clinic.encounter", "recommendations"),
    ("clinic.prescription", "directions"), ("clinic.message.reply", "body"),
    ("clinic.room.closure", "reason"), ("clinic.message", "body"),
    ("res.company", "name"), ("clinic.demo.login", "hint"),
):
    medical = model in ("clinic.encounter", "clinic.prescription")
    reader = env[model].with_user(chief) if medical else env[model]
    records = reader.with_context(lang="en_US").search([])
    seen += [
        (model, text) for text in records.mapped(name) if letters.search(text or "")
    ]
answer = seen[:5]
"""


@pytest.fixture(scope="module")
def ground(postgresql):
    """A database with the addon of the demonstration and nothing in it."""
    suite = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, suite) as database:
        odoo.change_modules(
            database,
            Progress(),
            install=[DEMO_MODULE],
            environment={"CLINIC_DEMO": "none"},
        )
        yield database


@pytest.fixture(scope="module")
def evening(postgresql, ground):
    """The network as it is made on a Sunday evening."""
    with databases.scratch(postgresql, ground) as database:
        make(database, SUNDAY_EVENING)
        yield database


def make(database, now, lang="ru_RU"):
    odoo.ask(database, MAKE.format(lang=lang, scale=SCALE, now=now))


def look(database, now):
    return odoo.ask(database, LOOK.format(now=now))


def check_alive(seen):
    assert seen["receiving"] >= 3
    assert seen["with_specialist"] >= 1
    assert seen["in_hall"] + seen["late"] >= 1
    assert seen["soon"] >= 1
    assert seen["stale"] == 0
    # Two days ahead, at this scale.
    assert seen["ahead"] >= 20


def test_a_sunday_evening_is_a_working_day(evening):
    check_alive(look(evening, SUNDAY_EVENING))


def test_days_that_are_over_have_left_records_and_money(evening):
    seen = look(evening, SUNDAY_EVENING)
    assert seen["done"] >= 20
    assert seen["signed"] >= 10
    assert seen["texts"] == seen["signed"]
    assert seen["paid"] and seen["owed"] and seen["sales"]
    assert seen["companies"] == 2
    assert {"registrar", "senior", "callcenter", "owner"} <= set(seen["logins"])
    assert {"patient", "patient2", "manager", "chief"} <= set(seen["logins"])


def test_pages_that_are_opened_first_have_something_to_show(evening):
    seen = look(evening, SUNDAY_EVENING)
    assert seen["decided"] and seen["packages"] and seen["by_video"]
    assert seen["wishes"] and seen["screens"] == 3
    assert seen["closures"] and seen["doubles"] and seen["merged"]
    assert {"done", "review"} <= set(seen["replies"])


def test_an_email_of_odoo_itself_lies_on_the_phones(evening, postgresql):
    with databases.scratch(postgresql, evening) as database:
        assert odoo.ask(database, WRITE) == ["somebody@mail.example", "Hello", "sent"]


def test_it_rolls_on_by_a_night(evening, postgresql):
    """The invariants of the suite are asked after every roll, by the addon itself."""
    with databases.scratch(postgresql, evening) as database:
        assert odoo.ask(database, ROLL.format(now=MONDAY_MORNING)) == 2
        check_alive(look(database, MONDAY_MORNING))
        # The same moment once more: nothing is left to happen.
        assert odoo.ask(database, ROLL.format(now=MONDAY_MORNING)) == 0


def test_it_rolls_on_by_a_month_to_new_years_eve(evening, postgresql):
    with databases.scratch(postgresql, evening) as database:
        assert odoo.ask(database, ROLL.format(now=NEW_YEARS_EVE)) == 26
        seen = look(database, NEW_YEARS_EVE)
        check_alive(seen)
        assert seen["stranded"]


def test_it_is_alive_when_clocks_change(ground, postgresql):
    with databases.scratch(postgresql, ground) as database:
        make(database, CLOCK_CHANGE)
        check_alive(look(database, CLOCK_CHANGE))


def test_the_english_one_is_english_throughout(ground, postgresql):
    with databases.scratch(postgresql, ground) as database:
        make(database, MONDAY_MORNING, lang="en_US")
        assert odoo.ask(database, RUSSIAN_LETTERS) == []
