"""An arrival at the desk reaches the specialist's page and the screen in the hall."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from conftest import clean_page
from demo_clinic import RUSSIAN, Clinic, shoot
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

SQL = "%Y-%m-%d %H:%M:%S"
PATIENT = "Сафронов Лев Ильич"
TELEVISION = {**RUSSIAN, "viewport": {"width": 1920, "height": 1080}}


def find_start(clinic: Clinic, specialist_id: int, service_id: int) -> str:
    """A free start of the next minutes; on a day off, in a shift made for it."""
    now = datetime.now(timezone.utc).replace(second=0, microsecond=0)
    begins = now + timedelta(minutes=1)
    criteria = {
        "service_id": service_id,
        "specialist_ids": [specialist_id],
        "date_from": begins.strftime(SQL),
        "date_to": (begins + timedelta(hours=2)).strftime(SQL),
        "limit": 1,
    }
    slots = clinic.call("registrar", "clinic.appointment", "find_slots", criteria)
    if slots:
        return slots[0]["start"]
    [branch] = clinic.call("admin", "clinic.branch", "search", [], limit=1)
    stop = (begins + timedelta(hours=2)).strftime(SQL)
    # Before work begins, until it begins.
    later = clinic.call(
        "admin",
        "clinic.shift",
        "search_read",
        [
            ("specialist_id", "=", specialist_id),
            ("start", ">", begins.strftime(SQL)),
            ("start", "<", stop),
        ],
        ["start"],
    )
    shift = {
        "specialist_id": specialist_id,
        "branch_id": branch,
        "start": begins.strftime(SQL),
        "stop": min([stop, *(one["start"] for one in later)]),
    }
    clinic.call("admin", "clinic.shift", "create", [shift])
    return begins.strftime(SQL)


@pytest.fixture(scope="module")
def visit(clinic: Clinic) -> int:
    """A visit of today with the demonstration's own specialist.

    Of a patient of its own: those of the demonstration may have another one today.
    """
    [specialist] = clinic.call(
        "admin",
        "clinic.specialist",
        "search_read",
        [("user_id.login", "=", "specialist")],
        ["service_line_ids"],
    )
    lines = clinic.call(
        "admin",
        "clinic.specialist.service",
        "read",
        specialist["service_line_ids"],
        ["product_id"],
    )
    [patient] = clinic.call(
        "registrar", "clinic.patient", "create", [{"name": PATIENT}]
    )
    service_id = lines[0]["product_id"][0]
    return clinic.call(
        "registrar",
        "clinic.appointment",
        "book",
        {
            "service_id": service_id,
            "specialist_id": specialist["id"],
            "patient_id": patient,
            "start": find_start(clinic, specialist["id"], service_id),
        },
    )


@pytest.fixture(scope="module")
def screen(clinic: Clinic) -> str:
    """Address of a screen of the visit's branch, made by a chief of the desk."""
    [data] = clinic.call(
        "admin",
        "ir.model.data",
        "search_read",
        [("module", "=", "clinic_base"), ("name", "=", "group_registrar_chief")],
        ["res_id"],
    )
    [user] = clinic.call("admin", "res.users", "search", [("login", "=", "admin")])
    clinic.call(
        "admin", "res.users", "write", [user], {"group_ids": [(4, data["res_id"])]}
    )
    [branch] = clinic.call("admin", "clinic.branch", "search", [], limit=1)
    [made] = clinic.call(
        "admin",
        "clinic.hall.screen",
        "create",
        [{"branch_id": branch, "lang": "ru_RU"}],
    )
    [row] = clinic.call("admin", "clinic.hall.screen", "read", [made], ["address"])
    return "/clinic/hall/" + row["address"].rpartition("/")[2]


def test_an_arrival_is_seen_by_the_specialist_and_in_the_hall(
    sign_in, browser, clinic, visit, screen
):
    row = f"[data-visit='{visit}']"
    specialist = sign_in("specialist")
    specialist.goto("/odoo/my-day")
    expect(specialist.locator(f".o_clinic_my_row{row}")).to_be_visible()
    with clean_page(browser, base_url=clinic.server.url, **TELEVISION) as television:
        television.goto(screen)
        expect(television.locator("#clock")).not_to_be_empty()
        registrar = sign_in("registrar")
        registrar.goto("/odoo/reception")
        registrar.locator(".o_clinic_search").fill(PATIENT)
        expect(registrar.locator(row)).to_be_visible()
        shoot(registrar, "day-1-found")
        registrar.keyboard.press("Enter")
        expect(registrar.locator(f"{row}.o_clinic_day_arrived")).to_be_visible()
        registrar.keyboard.press("Escape")
        shoot(registrar, "day-2-arrived")

        # Beside it may still stand that the visit was booked.
        notices = specialist.locator(".o_clinic_visit_notice")
        expect(notices.filter(has_text="пришёл")).to_contain_text(PATIENT)
        card = specialist.locator(".o_clinic_my_next")
        expect(card).to_contain_text("ждёт")
        shoot(specialist, "day-3-specialist")
        card.locator("[data-step=action_call]").click()
        called = television.locator(".called .ticket")
        expect(called).to_contain_text(f"{PATIENT[0]}.")
        shoot(television, "day-4-hall")
        assert PATIENT not in television.content()
        assert not television.context.cookies()
        specialist.locator(".o_clinic_my_next [data-step=action_start]").click()
        expect(television.locator(".inside .ticket")).to_contain_text(f"{PATIENT[0]}.")
        expect(specialist.locator(".o_clinic_my_present")).to_contain_text(PATIENT)
        shoot(specialist, "day-5-in-progress")
