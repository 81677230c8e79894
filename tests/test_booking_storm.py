"""Sixty people want the same ten hours at once: half at the desk, half on the site.

Two workers serve them, as behind nginx, each visitor with a telephone and an address of
their own.
"""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
import requests
from clinic_cli import databases
from clinic_cli.layout import LOGS
from clinic_cli.odoo import OdooServer
from clinic_cli.progress import Progress
from demo_clinic import Clinic

HOURS = 10
EACH = 30
ALTERNATIVES = 5
_OVERLAPS = """
SELECT count(*) FROM clinic_appointment a JOIN clinic_appointment b
    ON a.specialist_id = b.specialist_id AND a.id < b.id
   AND a.start < b.stop AND b.start < a.stop
 WHERE a.state IN ('booked', 'confirmed') AND b.state IN ('booked', 'confirmed')
   AND a.session_id <> b.session_id
"""


@pytest.fixture
def clinic(postgresql):
    template = databases.ensure_demo_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        options = ("--workers=2", "--proxy-mode", "--max-cron-threads=0")
        log = LOGS / f"{database}.log"
        with OdooServer(database, None, *options, log=log) as running:
            running.wait_until_ready()
            yield Clinic(running)


@pytest.fixture
def slots(clinic):
    """Ten starts of one specialist, as the search returns them."""
    [specialist] = clinic.call(
        "registrar",
        "clinic.specialist",
        "search_read",
        [("is_published", "=", True), ("service_line_ids", "!=", False)],
        ["service_line_ids"],
        limit=1,
    )
    [line] = clinic.call(
        "registrar",
        "clinic.specialist.service",
        "search_read",
        [
            ("specialist_id", "=", specialist["id"]),
            ("product_id.is_public", "=", True),
        ],
        ["product_id"],
        limit=1,
    )
    # Late enough for the notice that the site wants.
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    found = clinic.call(
        "registrar",
        "clinic.appointment",
        "find_slots",
        {
            "service_id": line["product_id"][0],
            "specialist_ids": [specialist["id"]],
            "date_from": (now + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S"),
            "limit": 200,
            "step": 30,
        },
    )
    # So far apart that each can be had whoever gets the others.
    chosen = []
    for slot in found:
        if not chosen or _minutes(chosen[-1], slot) >= 120:
            chosen.append({**slot, "service_id": line["product_id"][0]})
    assert len(chosen) >= HOURS
    return chosen[:HOURS]


def _minutes(first, second):
    moments = [datetime.fromisoformat(one["start"]) for one in (first, second)]
    return (moments[1] - moments[0]).total_seconds() / 60


def ask(session, method, url, **options):
    """The answer, asked for again when the queue of the workers was full: a connection
    that is cut before its request was read has done nothing."""
    for _attempt in range(20):
        try:
            return session.request(method, url, timeout=120, **options)
        except requests.ConnectionError as error:
            cut = error
    raise cut


def visit_site(clinic, slot, number):
    """``(won, alternatives, answer)`` of a visitor who sends the form."""
    session = requests.Session()
    session.headers.update(
        {
            "X-Forwarded-For": f"198.51.100.{number + 1}",
            "X-Forwarded-Host": "127.0.0.1",
            # A worker ends an idle connection, which nginx would open anew.
            "Connection": "close",
        }
    )
    address = f"{clinic.server.url}/clinic/specialists/{slot['specialist_id']}"
    page = ask(session, "GET", address)
    token = re.search(r'csrf_token"?[^>]*?value="([^"]+)"', page.text)[1]
    parts = (slot["start"], slot["specialist_id"], slot["service_id"])
    place = (slot.get("room_id") or 0, slot["branch_id"])
    answer = ask(
        session,
        "POST",
        f"{clinic.server.url}/clinic/booking/confirm",
        data={
            "csrf_token": token,
            "slot": "|".join(map(str, (*parts, *place))),
            "name": f"Штормова Анна {number}",
            "phone": f"+7916555{number:04}",
            "birthdate": "1990-05-17",
            "sex": "female",
            "consent": "1",
        },
    )
    offers = set(re.findall(r'name="slot"[^>]*?value="(\d[^"]+)"', answer.text))
    return "alert-warning" not in answer.text, len(offers), answer


def call_desk(clinic, session, slot, patient_id):
    """``(won, alternatives, answer)`` of a registrar who books."""
    vals = {
        "service_id": slot["service_id"],
        "specialist_id": slot["specialist_id"],
        "patient_id": patient_id,
        "start": slot["start"],
    }
    params = {"model": "clinic.appointment", "method": "book"}
    answer = ask(
        session,
        "POST",
        f"{clinic.server.url}/web/dataset/call_kw",
        json={"params": {**params, "args": [vals], "kwargs": {}}},
        headers={"Connection": "close"},
    )
    error = answer.json().get("error")
    if not error:
        return True, 0, answer
    offers = error["data"].get("context", {}).get("slots", [])
    return False, len(offers), answer


def test_everybody_gets_the_hour_or_five_others(clinic, slots, postgresql):
    patients = clinic.call(
        "registrar",
        "clinic.patient",
        "create",
        [
            {"name": f"Бурин Олег {number}", "birthdate": "1985-01-01", "sex": "male"}
            for number in range(EACH)
        ],
    )
    desk = clinic.session("registrar")
    wanted = [slots[number % HOURS] for number in range(EACH)]
    with ThreadPoolExecutor(2 * EACH) as pool:
        asked = [
            *(
                pool.submit(visit_site, clinic, slot, number)
                for number, slot in enumerate(wanted)
            ),
            *(
                pool.submit(call_desk, clinic, desk, slot, patient)
                for slot, patient in zip(wanted, patients, strict=True)
            ),
        ]
        results = [future.result() for future in asked]
    statuses = Counter(answer.status_code for _won, _offers, answer in results)
    assert max(statuses) < 500, statuses
    assert sum(won for won, _offers, _answer in results) == HOURS
    losers = [offers for won, offers, _answer in results if not won]
    assert min(losers) >= ALTERNATIVES, Counter(losers)
    assert postgresql.sql(_OVERLAPS, clinic.server.database) == [["0"]]
