"""Guessing is slowed on every way to sign in, and nobody else is kept out by it."""

import http.client
import json
import re
import secrets
import xmlrpc.client
from urllib.parse import urlencode

import pytest
from clinic_cli import odoo

SLOWED = re.compile(r"try again in (\d+) seconds|через (\d+) секунд")
USERS = """
from odoo.fields import Command
from datetime import datetime, timedelta
password = "right-password-1"
for login, group in (("guess_staff", "base.group_user"),
                     ("guess_by_xml", "base.group_user"),
                     ("guess_by_rpc", "base.group_user"),
                     ("guess_portal", "base.group_portal")):
    user = env["res.users"].create({
        "name": login, "login": login, "password": password,
        "group_ids": [Command.set(env.ref(group).ids)],
    })
staff = env["res.users"].search([("login", "=", "guess_staff")])
key = env["res.users.apikeys"].with_user(staff).sudo()._generate(
    None, "test", datetime.now() + timedelta(days=1))
env.cr.commit()
answer = [password, key]
"""
ROWS = """
rows = env["clinic.login.attempt"].search([])
answer = [[r.user_id.login, r.address, r.succeeded, r.key] for r in rows]
"""


@pytest.fixture(scope="module")
def known(server):
    """(password, API key) of somebody who may sign in."""
    return odoo.ask(server.database, USERS)


class Client:
    """Somebody at a loopback address of their own."""

    _last = 10

    def __init__(self, server, address=None):
        if not address:
            Client._last += 1
            address = f"127.0.0.{Client._last}"
        self.server, self.address, self.cookie = server, address, ""

    def ask(self, path, body=None, **headers):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, 60, (self.address, 0)
        )
        if self.cookie:
            headers["Cookie"] = self.cookie
        method = "GET" if body is None else "POST"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, names)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("session_id="):
                self.cookie = cookie.split(";")[0]
        return answer.status, answer.read().decode()

    def by_page(self, login, password):
        self.cookie = ""
        _status, page = self.ask("/web/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = {"login": login, "password": password, "csrf_token": token}
        kind = "application/x-www-form-urlencoded"
        return self.ask("/web/login", urlencode(form), Content_Type=kind)

    def by_session(self, login, password):
        params = {"db": self.server.database, "login": login, "password": password}
        return self.call("/web/session/authenticate", params)

    def by_xml(self, login, password):
        call = (self.server.database, login, password, {})
        body = xmlrpc.client.dumps(call, "authenticate")
        return self.ask("/xmlrpc/2/common", body, Content_Type="text/xml")

    def by_rpc(self, login, password):
        call = [self.server.database, login, password]
        return self.call(
            "/jsonrpc", {"service": "common", "method": "login", "args": call}
        )

    def by_object(self, user_id, password):
        call = (self.server.database, user_id, password, "res.users", "context_get", [])
        body = xmlrpc.client.dumps(call, "execute_kw")
        return self.ask("/xmlrpc/2/object", body, Content_Type="text/xml")

    def by_key(self, _login, key):
        headers = {"Authorization": f"bearer {key}"}
        body = json.dumps({})
        kind = "application/json"
        path = "/json/2/res.users/context_get"
        return self.ask(path, body, Content_Type=kind, **headers)

    def call(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        return self.ask(path, body, Content_Type="application/json")


def is_in(answer):
    status, text = answer
    if "jsonrpc" in text[:40]:
        result = json.loads(text).get("result")
        return bool(result.get("uid") if isinstance(result, dict) else result)
    return status in (200, 303) and "wrong" not in text.lower() and "error" not in text


WAYS = [Client.by_page, Client.by_session]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("login", ["guess_staff", "guess_portal", "guess_nobody"])
def test_after_some_failures_a_guess_waits_whoever_is_guessed(
    server, known, way, login
):
    client = Client(server)
    answers = [way(client, login, f"wrong{n}")[1] for n in range(7)]
    assert not any(map(SLOWED.search, answers[:5]))
    assert SLOWED.search(answers[6]), answers[6][:2000]
    assert 1 <= int(next(filter(None, SLOWED.search(answers[6]).groups()))) <= 60


OLD_WAYS = [Client.by_xml, Client.by_rpc]


@pytest.mark.parametrize("way", OLD_WAYS)
def test_the_old_ways_of_other_programs_are_counted_like_the_page(server, known, way):
    client, login = Client(server), f"guess_{way.__name__}"
    for n in range(7):
        way(client, login, f"wrong{n}")
    assert SLOWED.search(client.by_page(login, known[0])[1])
    refused = way(client, login, known[0])[1]
    assert refused != way(Client(server), login, known[0])[1]


def test_passwords_tried_at_a_number_wait_as_well(server, known):
    client = Client(server)
    answers = [client.by_object(2, f"wrong{n}")[1] for n in range(7)]
    assert not any(map(SLOWED.search, answers[:5]))
    assert SLOWED.search(answers[6]), answers[6]


def test_the_right_password_waits_too_and_others_at_the_address_do_not(server, known):
    guest = Client(server)
    for n in range(7):
        guest.by_session("guess_staff", f"wrong{n}")
    assert SLOWED.search(guest.by_session("guess_staff", known[0])[1])
    # The branch behind the same address signs in, as does the login from elsewhere.
    assert is_in(guest.by_session("guess_portal", known[0]))
    assert is_in(Client(server).by_session("guess_staff", known[0]))


def test_one_address_cannot_try_every_login_nor_lock_out_who_works_there(server, known):
    guest = Client(server)
    assert is_in(guest.by_session("guess_staff", known[0]))
    answers = [guest.by_session(f"nobody{n}", "wrong")[1] for n in range(64)]
    assert SLOWED.search(answers[-1])
    assert is_in(guest.by_session("guess_staff", known[0]))


def test_wrong_keys_wait_and_the_right_one_does_not(server, known):
    client = Client(server)
    _password, key = known
    assert client.by_key(None, key)[0] == 200
    wrong = "abcdef01" + secrets.token_hex(16)
    statuses = [client.by_key(None, wrong)[0] for _ in range(7)]
    assert statuses[:5] == [401] * 5
    status, text = client.by_key(None, wrong)
    assert status == 429
    assert SLOWED.search(text)
    assert client.by_key(None, key)[0] == 200


def test_attempts_are_kept_without_what_was_typed(server, known):
    client = Client(server)
    typed = "a password in the wrong field"
    client.by_session(typed, "another password")
    client.by_session("guess_portal", known[0])
    rows = [row for row in odoo.ask(server.database, ROWS) if row[1] == client.address]
    assert [row[:3] for row in rows] == [
        ["guess_portal", client.address, True],
        [False, client.address, False],
    ]
    assert typed not in json.dumps(rows)


def test_a_signed_in_administrator_does_not_move_the_clinics_address(server):
    client = Client(server)
    body = {"db": server.database, "login": "admin", "password": "admin"}
    status, _text = client.ask(
        "/web/session/authenticate",
        json.dumps({"jsonrpc": "2.0", "params": {**body, "base_location": "x"}}),
        Content_Type="application/json",
        Host=f"evil.example:{server.port}",
    )
    assert status == 200
    client.cookie = ""
    client.by_page("admin", "admin")
    address = 'answer = env["ir.config_parameter"].get_param("web.base.url")'
    assert odoo.ask(server.database, address) == server.url
