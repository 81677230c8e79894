"""Fixtures for tests across modules: running servers, databases and a browser.

``./clinic test`` has set everything up before pytest starts; nothing here installs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from clinic_cli import databases, odoo, postgres, system_packages
from clinic_cli.layout import LOGS
from clinic_cli.odoo import OdooServer
from clinic_cli.postgres import Server
from clinic_cli.progress import Progress
from demo_clinic import RUSSIAN, Clinic
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

# The machine also runs the modules' tests meanwhile, and a first page has its assets
# built. Nothing waits longer than it must.
PATIENCE = 90_000
expect.set_options(timeout=30_000)

BROWSER_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def postgresql() -> Server:
    """The database server that this run uses."""
    return postgres.current()


@pytest.fixture(scope="session")
def server(postgresql: Server) -> Iterator[OdooServer]:
    """Odoo serving a database with every module and no records: admin / admin."""
    with _serve(postgresql, databases.ensure_suite_template) as running:
        yield running


@pytest.fixture(scope="session")
def demo_server(postgresql: Server) -> Iterator[OdooServer]:
    """Odoo serving the demonstration clinic."""
    with _serve(postgresql, databases.ensure_demo_template) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_packages.chromium(), args=list(BROWSER_FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; any console error fails the test."""
    with clean_page(browser) as page:
        yield page


@pytest.fixture(scope="session")
def clinic(demo_server: OdooServer) -> Clinic:
    """The demonstration clinic, one for all tests; it sends messages at any hour."""
    clinic = Clinic(demo_server)
    companies = clinic.call("admin", "res.company", "search", [])
    day_and_night = {"clinic_quiet_from": 9, "clinic_quiet_to": 9}
    clinic.call("admin", "res.company", "write", companies, day_and_night)
    return clinic


@pytest.fixture
def visitor(browser, clinic):
    """A page of somebody who is not signed in."""
    with clean_page(browser, base_url=clinic.server.url, **RUSSIAN) as page:
        yield page


@pytest.fixture
def sign_in(browser, clinic):
    """``sign_in(login)`` gives a page of that user."""
    pages = []

    def open_page(login: str) -> Page:
        context = clean_page(browser, base_url=clinic.server.url, **RUSSIAN)
        page = context.__enter__()
        pages.append(context)
        page.goto("/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        with page.expect_navigation():
            page.click(".oe_login_form button[type=submit]")
        return page

    yield open_page
    for context in reversed(pages):
        context.__exit__(None, None, None)


@contextmanager
def clean_page(browser: Browser, **context: object) -> Iterator[Page]:
    """A page whose console must hold no error when it is closed.

    ``context`` goes to Playwright's ``new_context``: ``locale``, ``viewport``…
    """
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({message.location.get('url')})")

    session = browser.new_context(**context)
    session.set_default_timeout(PATIENCE)
    page = session.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    session.close()
    assert not errors, "The browser console holds errors:\n" + "\n".join(errors)


@contextmanager
def _serve(postgresql: Server, template) -> Iterator[OdooServer]:
    name = template(postgresql, Progress())
    with databases.scratch(postgresql, name) as database:
        log = LOGS / f"{database}.log"
        # Crons run when a test says so.
        quiet = odoo.OdooServer(database, None, "--max-cron-threads=0", log=log)
        with quiet as running:
            running.wait_until_ready()
            yield running
