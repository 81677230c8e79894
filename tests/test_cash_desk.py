"""The cashier's desk in a browser: a patient, card and cash, the slip."""

from __future__ import annotations

import re

import pytest
from demo_clinic import shoot
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

PATIENT = "Хабибуллин"


@pytest.fixture
def till(sign_in) -> Page:
    """The cash desk as the cashier of the demonstration sees it."""
    page = sign_in("cashier")
    page.goto("/odoo/cash-desk")
    expect(page.locator(".o_clinic_cash_shift")).to_contain_text("Фомина")
    return page


def digits(text: str) -> str:
    """A sum without what separates its thousands, and without kopecks."""
    return re.sub(r"[^\d,]", "", text).partition(",")[0]


def test_a_patient_pays_by_card_and_in_cash_and_gets_a_slip(till: Page):
    shoot(till, "cash-1-today")
    till.locator(".o_clinic_cash_patient input").fill(PATIENT)
    till.locator(".o-autocomplete--dropdown-item", has_text=PATIENT).first.click()
    lines = till.locator("label.o_clinic_cash_line")
    lines.first.locator("input").set_checked(True)
    for line in lines.all()[1:]:
        line.locator("input").set_checked(False)
    expect(till.locator(".o_clinic_cash_line input:checked")).to_have_count(1)
    expect(till.locator(".o_clinic_cash_due b")).to_contain_text(re.compile("[1-9]"))
    due = int(digits(till.locator(".o_clinic_cash_due b").inner_text()))
    assert due > 1000
    till.locator("#o_clinic_cash_card").fill("1000")
    till.locator("#o_clinic_cash_cash").fill(str(due - 1001))
    expect(till.locator(".o_clinic_cash_button")).to_be_disabled()
    expect(till.locator(".o_clinic_cash_obstacle")).to_contain_text("Не хватает")
    till.locator("#o_clinic_cash_cash").fill(str(due))
    expect(till.locator(".o_clinic_cash_some_change")).to_contain_text("1")
    shoot(till, "cash-2-bill")
    till.keyboard.press("Control+Enter")
    expect(till.locator(".o_clinic_cash_done")).to_be_visible()
    change = till.locator(".o_clinic_cash_done .o_clinic_cash_change b").inner_text()
    assert digits(change) == "1000"
    shoot(till, "cash-3-paid")
    with till.expect_download() as download:
        till.locator(".o_clinic_cash_slip").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    till.locator(".o_clinic_cash_next").click()
    expect(till.locator(".o_clinic_cash_patient input")).to_have_value("")


def test_a_patient_pays_by_phone_and_the_desk_sees_it(till: Page, visitor: Page):
    till.locator(".o_clinic_cash_visit").last.click()
    till.locator(".o_clinic_cash_by_code").click()
    code = till.locator(".o_clinic_cash_code")
    expect(code).to_contain_text(re.compile("[1-9]"))
    assert code.locator("img").evaluate("image => image.naturalWidth") > 100
    shoot(till, "cash-6-code")
    visitor.goto(till.locator(".modal-footer a").get_attribute("href"))
    visitor.fill("#customer_input", "4111111111111111")
    visitor.click("button[name=o_payment_submit_button]")
    expect(visitor.locator(".text-success .fa-check-circle")).to_be_visible(
        timeout=60_000
    )
    expect(till.locator(".o_clinic_cash_done")).to_be_visible(timeout=30_000)
    expect(till.locator(".o_clinic_cash_code")).to_have_count(0)
    shoot(till, "cash-7-paid-by-phone")
    expect(till.locator(".o_clinic_cash_slip")).to_be_visible()


def test_the_shift_is_counted_by_notes_and_closed(till: Page):
    till.locator(".o_clinic_cash_close").click()
    expect(till.locator(".modal .o_field_widget[name=line_ids]")).to_be_visible()
    shoot(till, "cash-4-count")
    till.locator(".modal .btn-close").click()
    till.locator(".o_clinic_cash_shift").click()
    expect(till.locator(".o_form_view [name=expected_cash]")).to_contain_text("руб")
    shoot(till, "cash-5-shift")
