"""PostgreSQL stops and starts again under Odoo and nginx."""

import http.client
import json
import re
from concurrent.futures import ThreadPoolExecutor

import front
import pytest
from clinic_cli import databases
from clinic_cli.layout import LOGS
from clinic_cli.odoo import OdooServer
from clinic_cli.progress import Progress
from relay import Relay


@pytest.fixture(scope="module")
def gone(postgresql):
    """``(relay, nginx)`` before an Odoo that reaches its database by the relay."""
    relay = Relay(postgresql.host, postgresql.port)
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        way = ("--db_host=127.0.0.1", f"--db_port={relay.port}")
        flags = (*way, "--max-cron-threads=0", "--proxy-mode")
        with OdooServer(database, None, *flags, log=LOGS / f"{database}.log") as odoo:
            odoo.wait_until_ready()
            with front.serving(odoo.port) as nginx:
                yield relay, nginx


def session_of(answer):
    cookies = answer.headers.get_all("Set-Cookie")
    return next(c.split(";")[0] for c in cookies if c.startswith("session_id="))


def sign_in(nginx):
    """A session's cookie."""
    page = nginx.ask("/web/login")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.body)[1]
    cookie = session_of(page)
    form = f"login=admin&password=admin&csrf_token={token}".encode()
    kind = "application/x-www-form-urlencoded"
    answer = nginx.ask("/web/login", "POST", form, Cookie=cookie, Content_Type=kind)
    assert answer.status == 303, answer.body
    return session_of(answer)


def call(nginx, cookie):
    body = {"jsonrpc": "2.0", "method": "call", "params": {}}
    return nginx.ask(
        "/web/session/get_session_info",
        "POST",
        json.dumps(body).encode(),
        Cookie=cookie,
        Content_Type="application/json",
    )


def test_everybody_waits_while_postgresql_restarts_and_goes_on_after(gone):
    relay, nginx = gone
    cookie = sign_in(nginx)
    assert json.loads(call(nginx, cookie).body)["result"]["uid"]
    relay.cut()
    try:
        for path in ("/", "/web/login", "/odoo", "/clinic", "/my", "/no/such/page"):
            for who in ({"Cookie": cookie}, {}):
                page = nginx.ask(path, **who)
                assert page.status == 503, path
                assert "location.reload" in page.body
        refused = call(nginx, cookie)
        assert refused.status == 503
        assert json.loads(refused.body)["error"]
    finally:
        relay.mend()
    # Still signed in, nothing to be started anew.
    assert json.loads(call(nginx, cookie).body)["result"]["uid"]
    assert nginx.ask("/web/login").status == 200


def test_who_finds_all_connections_taken_is_asked_to_come_again(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        flags = ("--db_maxconn=3", "--max-cron-threads=0")
        with OdooServer(database, None, *flags, log=LOGS / f"{database}.log") as odoo:
            odoo.wait_until_ready()
            with ThreadPoolExecutor(12) as pool:
                pages = list(pool.map(lambda _: ask(odoo.port), range(48)))
    assert set(pages) == {200, 503}


def ask(port):
    """Status of the page of signing in."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/web/login")
        return connection.getresponse().status
    finally:
        connection.close()
