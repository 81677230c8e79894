"""A standing hour in a browser: the registrar books it around a clash and moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from demo_clinic import Clinic, shoot
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

SERVICE = "Приём невролога"


def choose(page: Page, field: str, text: str) -> None:
    page.locator(f".{field} input").fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def close_rooms(clinic: Clinic) -> None:
    """No weekly hour is free in the fifth week: all rooms are closed then."""
    first = datetime.now().replace(microsecond=0) + timedelta(weeks=4)
    rooms = clinic.call("admin", "clinic.room", "search", [])
    vals = {
        "start": str(first),
        "stop": str(first + timedelta(weeks=1)),
        "reason": "Ремонт",
    }
    closures = [{**vals, "room_id": room} for room in rooms]
    clinic.call("admin", "clinic.room.closure", "create", closures)


def test_a_series_is_booked_around_a_clash_and_moved(sign_in, clinic):
    close_rooms(clinic)
    page = sign_in("registrar")
    page.goto("/odoo/new-visit")
    choose(page, "o_clinic_service", SERVICE)
    choose(page, "o_clinic_patient", "Данилов")
    page.get_by_role("button", name="Каждую неделю").click()
    card = page.locator(".o_clinic_slot").first
    expect(card).to_contain_text("Занято дат")
    card.click()
    shoot(page, "series-1-hours")
    page.get_by_role("button", name="Записать", exact=True).click()
    dialog = page.locator(".modal", has_text="Некоторые даты недоступны")
    rows = dialog.locator(".o_clinic_clash")
    expect(rows.first).to_be_visible()
    expect(dialog.get_by_role("button", name="Записать")).to_be_disabled()
    for row in rows.all():
        row.get_by_role("button").first.click()
    shoot(page, "series-2-clash")
    dialog.get_by_role("button", name="Записать").click()
    expect(page.locator(".o_clinic_sentence")).to_contain_text("постоянное время")
    shoot(page, "series-3-booked")
    page.get_by_role("button", name="Открыть постоянную запись").click()
    page.get_by_role("button", name="Перенести с даты").click()
    mover = page.locator(".modal", has_text="Перенести с даты")
    mover.locator("input[type=time]").fill("13:00")
    mover.locator("select").nth(1).select_option(index=1)
    shoot(page, "series-4-move")
    mover.get_by_role("button", name="Перенести", exact=True).click()
    clash = page.locator(".modal", has_text="Некоторые даты недоступны")
    moved = page.get_by_text("Это постоянная запись на новое время.")
    expect(clash.or_(moved).first).to_be_visible()
    shoot(page, "series-5-moved")
