"""Pictures of the demonstration's pages.

``take_pictures.py URL LANGUAGE FOLDER [NAME...]``; all pages if none is named.

Behind ``./clinic pictures``; every page is seen by the role that works on it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clinic_cli import system_packages
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

VIEW = {"width": 1366, "height": 850}
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")
ZONE = "Europe/Moscow"
# name: (login, address)
PAGES = {
    "login": (None, "/web/login"),
    "site": (None, "/clinic"),
    "new-visit": ("registrar", "/odoo/new-visit"),
    "board": ("registrar", "/odoo/board"),
    "reception": ("registrar", "/odoo/reception"),
    "visits": ("senior", "/odoo/clinic-visits"),
    "requests": ("callcenter", "/odoo/clinic-requests"),
    "my-day": ("specialist", "/odoo/my-day"),
    "protocols": ("specialist", "/odoo/clinic-protocols"),
    "access-log": ("chief", "/odoo/clinic-access-log"),
    "cash-desk": ("cashier", "/odoo/cash-desk"),
    "charges": ("accountant", "/odoo/clinic-charges"),
    "decisions": ("finance", "/odoo/clinic-decisions"),
    "shifts": ("manager", "/odoo/clinic-shifts"),
    "accounts": ("owner", "/odoo/clinic-accounts"),
    "branches": ("admin", "/odoo/clinic-branches"),
    "portal": ("patient", "/my"),
    "portal2": ("patient2", "/my"),
    "phones": ("registrar", "/demo/phones"),
}
COLOURS = 128
# Pages settle when nothing is loaded any more; boards go on listening to the bus.
SETTLE = 6000


def open_page(browser: Browser, url: str, language: str, login: str | None) -> Page:
    """A page of ``login``, or of a stranger."""
    context = browser.new_context(
        base_url=url,
        viewport=VIEW,
        locale=language.replace("_", "-"),
        timezone_id=ZONE,
    )
    context.set_default_timeout(90_000)
    page = context.new_page()
    if login:
        page.goto("/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        with page.expect_navigation():
            page.click(".oe_login_form button[type=submit]")
    return page


def choose_visit(page: Page) -> None:
    """A new visit as the desk sees it: a patient is chosen, and the best times stand
    beside."""
    for field, letters in ((".o_clinic_patient", "7900"), (".o_clinic_specialist", "")):
        page.click(f"{field} input")
        page.locator(f"{field} input").press_sequentially(letters, delay=60)
        page.locator(".o-autocomplete--dropdown-item:visible a").nth(1).click()
        page.wait_for_timeout(SETTLE // 3)
    page.locator(".o_clinic_times button").first.click()
    page.wait_for_timeout(SETTLE // 3)


# What is done on a page before its picture is taken.
STEPS = {"new-visit": choose_visit}


def save(page: Page, path: Path) -> None:
    """The picture in few colours: it lies in the repository."""
    page.screenshot(path=path)
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main(url: str, language: str, folder: Path, names: list[str]) -> None:
    """Take the pictures ``names`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_packages.chromium(), args=list(FLAGS)
        )
        for name in names or PAGES:
            login, address = PAGES[name]
            page = open_page(browser, url, language, login)
            page.goto(address)
            page.wait_for_load_state("load")
            page.wait_for_timeout(SETTLE)
            if step := STEPS.get(name):
                step(page)
            save(page, folder / f"{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
