"""Screens of staff keep to the policy for browsers, and the policy keeps them in.

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
PICTURE = "https://example.com/picture.png"


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


def test_figures_in_a_graph_and_a_pivot(sign_in):
    page = sign_in("admin")
    for path in ("cash-figures", "clinic-shares-earned"):
        page.goto(f"/odoo/{path}")
        settle(page)
        for kind in ("graph", "pivot"):
            switch = page.locator(f".o_switch_view.o_{kind}")
            if switch.count():
                switch.first.click()
                settle(page)


def test_the_editor_of_the_site_opens(sign_in):
    page = sign_in("admin")
    page.goto("/odoo/action-website.website_preview")
    page.frame_locator("iframe.o_iframe").locator("#wrapwrap").wait_for()
    page.locator(".o_edit_website_container button").first.click()
    page.locator(".o_builder_sidebar_open, .o-snippets-menu").first.wait_for()
    page.wait_for_load_state("load")


def test_a_browser_asks_no_other_host_whatever_gets_into_a_page(browser, clinic):
    """In a context without the check of the console, which is told of the refusal."""
    context = browser.new_context(base_url=clinic.server.url)
    cookie = clinic.session("registrar").cookies["session_id"]
    context.add_cookies(
        [{"name": "session_id", "value": cookie, "url": clinic.server.url}]
    )
    page = context.new_page()
    page.goto("/odoo/board")
    refused = page.evaluate(
        """address => new Promise((resolve) => {
            document.addEventListener("securitypolicyviolation", (event) =>
                resolve(event.violatedDirective));
            const picture = document.createElement("img");
            picture.src = address;
            document.body.append(picture);
        })""",
        PICTURE,
    )
    context.close()
    assert refused == "img-src"
