"""Screens of staff keep to the policy for browsers.

Every page of ``sign_in`` fails on an error in its console, and a browser writes each
refused request there: the walks of the other browser tests say the same.
"""

from __future__ import annotations

import pytest

# What each login works in; a protocol and the till have tests of their own.
SCREENS = {
    "registrar": ("board", "reception", "clinic-patients", "clinic-requests"),
    "specialist": ("my-day", "clinic-protocols", "clinic-specialists", "discuss"),
    "cashier": ("cash-desk", "cash-shifts"),
    "admin": ("settings", "clinic-settings", "apps", "calendar", "contacts"),
}


def settle(page):
    """The screen is drawn; a board never stops asking."""
    page.wait_for_selector(".o_action_manager > *")
    page.wait_for_load_state("load")


@pytest.mark.parametrize("login", SCREENS)
def test_screens_load_nothing_from_elsewhere(sign_in, clinic, login):
    page = sign_in(login)
    own = f"{clinic.server.url}/"
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in SCREENS[login]:
        page.goto(f"/odoo/{path}")
        settle(page)
    assert asked
    assert [url for url in asked if not url.startswith((own, "data:", "blob:"))] == []


def test_a_record_with_its_files_and_a_printed_protocol(sign_in, clinic):
    [found] = clinic.call(
        "specialist",
        "clinic.encounter",
        "search_read",
        [("state", "!=", "draft")],
        ["patient_id"],
        limit=1,
    )
    page = sign_in("specialist")
    page.goto(f"/odoo/clinic-protocols/{found['id']}")
    settle(page)
    page.goto(f"/report/html/clinic_emr.report_encounter/{found['id']}")
    page.wait_for_load_state("load")
