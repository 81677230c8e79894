"""Unit tests of the web client's own code, run by Odoo's Hoot in Chromium."""

import re

from conftest import clean_page
from playwright.sync_api import Browser, Page

END = re.compile(r"\[HOOT\].*(succeeded|failed)")


def test_unit_tests_of_the_desk_pass(server, browser: Browser):
    # The page of tests holds styles of the site builder and of papers, which name web
    # fonts: the policy for pages of staff refuses them, and says so in the console.
    with clean_page(browser, bypass_csp=True) as page:
        page.route("https://fonts.*/**", lambda route: route.fulfill(body=""))
        run_tests(server, page)


def run_tests(server, page: Page):
    page.goto(f"{server.url}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_web_client", timeout=60_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    with page.expect_console_message(
        lambda message: END.search(message.text), timeout=240_000
    ):
        page.goto(
            f"{server.url}/web/tests?headless&loglevel=2&filter=@clinic_schedule",
            wait_until="commit",
        )
    failed = [line for line in said if "failed" in line or "rror" in line]
    assert any("succeeded" in line for line in said), failed
    assert sum(" passed" in line for line in said) > 30, said
