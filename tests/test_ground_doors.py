"""An addon that touches no line of the suite comes through its doors, and goes."""

from pathlib import Path

import pytest
from clinic_cli import databases, odoo
from clinic_cli.progress import Progress
from test_ground_install import complaints, uninstall

EXAMPLE = "clinic_example"
FOLDER = Path(__file__).parent / "addons"

# A doctor and another one share an assistant; each has a room, tomorrow until late.
WORLD = """
from datetime import timedelta

from odoo import fields

branch = env["clinic.branch"].create({"name": "Doors", "tz": "Europe/Moscow"})
department = env["clinic.department"].create(
    {"name": "Doors", "branch_id": branch.id}
)
env["clinic.room"].create(
    [{"name": name, "department_id": department.id} for name in ("One", "Two")]
)
service = env["product.product"].create(
    {"name": "Implant", "type": "service", "is_clinic_service": True, "duration": 30}
)
first, second, helper = env["clinic.specialist"].create(
    [
        {"name": name, "service_line_ids": [(0, 0, {"product_id": service.id})]}
        for name in ("First doctor", "Second doctor", "Helper")
    ]
)
patients = env["clinic.patient"].create([{"name": "Ann Able"}, {"name": "Bob Best"}])
now = fields.Datetime.now().replace(hour=6, minute=0, second=0, microsecond=0)
start = now + timedelta(days=1)
env["clinic.shift"].create(
    [
        {
            "specialist_id": specialist.id,
            "branch_id": branch.id,
            "start": start,
            "stop": start + timedelta(hours=1),
        }
        for specialist in (first, second)
    ]
)
visits = env["clinic.appointment"]


def find(**more):
    found = visits.find_slots(
        {
            "service_id": service.id,
            "branch_ids": branch.ids,
            "step": 30,
            "date_to": fields.Datetime.to_string(start + timedelta(days=1)),
            **more,
        }
    )
    return sorted(
        [slot["specialist_id"] == first.id, slot["start"][11:16]] for slot in found
    )


def book(specialist, patient):
    return visits.book(
        {
            "service_id": service.id,
            "specialist_id": specialist.id,
            "patient_id": patient.id,
            "start": fields.Datetime.to_string(start),
        }
    )
"""
THROUGH_THE_DOORS = """
answer = {"alone": len(find())}
service.is_assisted = True
answer["without assistant"] = find()
(first | second).assistant_id = helper
answer["asked for"] = len(find(assistant_id=helper.id))
answer["asked for another"] = find(assistant_id=second.id)
visit = visits.browse(book(first, patients[0]))
taken = [("appointment_id", "=", visit.id)]
answer["taken"] = sorted(env["clinic.occupancy"].search(taken).mapped("role"))
answer["left"] = find()
try:
    with env.cr.savepoint():
        book(second, patients[1])
except Exception as error:
    answer["refusal"] = type(error).__name__
rule = env["clinic.decision.rule"].create(
    {"name": "Assisted", "trigger": "assistant_taken", "domain": "[]"}
)
met = rule._find_occasions(start - timedelta(days=9), start)
answer["occasions"] = [[key, met_id == visit.id] for met_id, _moment, key in met]
facts = env["clinic.decision.fact"].search([("is_assisted", "=", True)])
answer["facts"] = facts.appointment_id == visit
learned = env["clinic.score.model"].create(
    {
        "kind": "no_show",
        "params": {
            "features": ["assisted"],
            "intercept": 0.0,
            "coefficients": [2.0],
            "mean": [0.0],
            "scale": [1.0],
        },
    }
)
env["clinic.score"]._score(visit.ids, {"no_show": learned})
score = env["clinic.score"].search([("appointment_id", "=", visit.id)])
answer["score"] = [round(score.probability, 2), score.reasons]
key_user = env["res.users"].create(
    {
        "name": "Doors",
        "login": "doors_key",
        "group_ids": [(6, 0, env.ref("clinic_base.group_booking_api").ids)],
    }
)
env.cr.commit()  # another site's calls are counted by a cursor of their own
shown = visits.with_user(key_user).find_slots(
    {
        "service_id": service.id,
        "branch_ids": branch.ids,
        "assistant_id": second.id,
    }
)
answer["asked by a site for another"] = len(shown)
rule.write({"is_on": True})
answer["marks"] = visits._get_board_marks(visit)[visit.id]
messages = env["clinic.message"].search([("appointment_id", "=", visit.id)])
answer["purposes"] = messages.mapped("purpose")
visit.action_arrive()
visit.action_prepare()
answer["prepared"] = [visit.state, env["clinic.occupancy"].search_count(taken)]
visit.cancel(env["clinic.cancel.reason"].create({"name": "Asked"}).id)
answer["given back"] = env["clinic.occupancy"].search_count(taken)
answer["after cancelling"] = len(find())
left = visits.browse(book(second, patients[1]))
left.action_arrive()
left.action_prepare()
answer["sources"] = list(env["clinic.medical.card"]._get_timeline_sources())[-1]
env.cr.commit()
"""


LEFT_BEHIND = """
rule = env["clinic.decision.rule"].search([("name", "=", "Assisted")])
visit = env["clinic.appointment"].search([("state", "=", "arrived")])
answer = [rule.trigger, rule.is_on, len(visit)]
"""


@pytest.fixture
def example(postgresql, monkeypatch):
    """A database in which the example is installed beside the suite."""
    monkeypatch.setattr(odoo, "ADDONS", f"{odoo.ADDONS},{FOLDER}")
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        odoo.change_modules(database, Progress(), install=[EXAMPLE])
        yield database


def test_an_addon_comes_through_the_doors_and_leaves_the_search_whole(example):
    answer = odoo.ask(example, WORLD + THROUGH_THE_DOORS)
    assert answer["alone"] == 4
    assert answer["without assistant"] == []
    assert answer["asked for"] == 4
    assert answer["asked for another"] == []
    assert answer["taken"] == ["assistant", "patient", "room", "specialist"]
    assert answer["left"] == [[False, "06:30"], [True, "06:30"]]
    assert answer["refusal"] in ("SlotTakenError", "SlotRefusedError")
    assert answer["occasions"] == [["assisted", True]]
    assert answer["facts"] is True
    assert answer["score"] == [0.88, [["assisted", 2.0]]]
    assert answer["asked by a site for another"] == 0
    assert "assisted" in answer["marks"]
    assert "two_of_us" in answer["purposes"]
    assert answer["prepared"] == ["prepared", 4]
    assert answer["given back"] == 0
    assert answer["after cancelling"] == 4
    assert answer["sources"] == "tooth"
    # It holds nothing that anybody would miss.
    assert not complaints(uninstall(example, EXAMPLE))
    assert odoo.ask(example, LEFT_BEHIND) == ["before_visit", False, 1]
    assert len(odoo.ask(example, WORLD + "answer = find()")) == 4
