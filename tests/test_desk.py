"""The registrar's desk in a browser: from a caller's words to booked visits."""

from __future__ import annotations

import re

import pytest
from demo_clinic import shoot
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey


@pytest.fixture
def desk(sign_in) -> Page:
    """The list of services and times as the registrar sees it."""
    page = sign_in("registrar")
    page.goto("/odoo/services-and-times")
    expect(page.locator(".o_clinic_time").first).to_be_visible()
    return page


def choose_patient(page: Page, name: str) -> None:
    page.locator(".o_clinic_patient input").fill(name)
    page.locator(".o-autocomplete--dropdown-item", has_text=name).first.click()


def test_a_time_of_the_list_is_booked_for_the_child_of_the_caller(desk):
    choose_patient(desk, "Соколова Мария")
    desk.locator(".o_clinic_family button", has_text="Соколов Фёдор").click()
    desk.locator(".o_clinic_search").fill("лебедев невр")
    expect(desk.locator(".o_clinic_service_row")).to_have_count(1)
    shoot(desk, "desk-1-services")
    desk.locator(".o_clinic_time").last.click()
    expect(desk.locator(".o_clinic_slot_chosen")).to_be_visible()
    expect(desk.locator(".o_clinic_footer .badge")).to_contain_text("Бронь ещё")
    expect(desk.locator(".o_clinic_quote")).to_contain_text("руб")
    child = desk.locator(".o_clinic_patient input")
    expect(child).to_have_value(re.compile("Соколов Фёдор"))
    shoot(desk, "desk-2-held")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".o_clinic_sentence")).to_contain_text("Лебедев")


def test_two_services_are_booked_in_one_trip(desk):
    choose_patient(desk, "Данилов")
    desk.locator(".o_clinic_search").fill("орлова")
    expect(desk.locator(".fa-spin")).to_have_count(0)
    for service in ("Приём кардиолога", "ЭКГ"):
        row = desk.locator(".o_clinic_service_row", has_text=service)
        row.locator(".o_clinic_to_trip").click()
    desk.locator(".o_clinic_trip_card").first.click()
    held = desk.locator(".o_clinic_trip_footer .badge")
    expect(held).to_contain_text("Бронь ещё")
    shoot(desk, "desk-3-trip")
    desk.get_by_role("button", name="Записать на все приёмы").click()
    sentence = desk.locator(".o_clinic_sentence")
    expect(sentence).to_contain_text("Приём кардиолога")
    expect(sentence).to_contain_text("ЭКГ")
    shoot(desk, "desk-4-trip-booked")


def test_a_specialist_leads_to_what_they_do(sign_in):
    page = sign_in("registrar")
    page.goto("/odoo/new-visit")
    page.locator(".o_clinic_specialist input").fill("Воронина")
    page.locator(".o-autocomplete--dropdown-item", has_text="Воронина").first.click()
    page.locator(".o_clinic_offer").first.click()
    expect(page.locator(".o_clinic_slot").first).to_contain_text("Воронина")
    shoot(page, "desk-5-offers")


def test_a_request_is_booked_from_the_list_of_requests(sign_in):
    page = sign_in("registrar")
    page.goto("/odoo/clinic-requests")
    request = page.locator(".o_data_row", has_text="Тихонова")
    request.get_by_role("button", name="Подобрать время").click()
    page.locator(".o_clinic_slot").first.click()
    expect(page.locator(".o_clinic_slot_chosen")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".o_clinic_sentence")).to_contain_text("Воронина")
    page.goto("/odoo/clinic-requests")
    expect(page.locator(".o_data_row").first).to_be_visible()
    expect(request).to_have_count(0)
