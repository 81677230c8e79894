"""The browser's console stays clean where everybody begins."""


def log_in(page, server):
    page.goto(f"{server.url}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.click(".oe_login_form button[type=submit]")
    page.wait_for_selector(".o_main_navbar")


def test_backend_home_has_a_clean_console(server, page):
    log_in(page, server)
    page.wait_for_selector(".o_action_manager > *")


def test_site_front_page_has_a_clean_console(server, page):
    response = page.goto(server.url)
    page.wait_for_load_state("networkidle")
    assert response.ok
