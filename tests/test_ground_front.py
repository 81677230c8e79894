"""nginx as config/ ships it, running: what it refuses, passes on, writes and sends."""

import json
import os
import secrets
import socket
import ssl
import uuid
from contextlib import contextmanager

import front
import pytest
from clinic_cli import odoo
from clinic_cli.layout import ROOT
from clinic_cli.postgres import free_port

AS_USERS = [False, True] if os.geteuid() == 0 else [True]
SECRET_WORDS = ("token", "secret", "key", "hash", "uuid", "code", "sign")
RUSSIAN = {"Accept_Language": "ru-RU,ru;q=0.9,en;q=0.8"}
ENGLISH = {"Accept_Language": "en-GB,en;q=0.9,ru;q=0.8"}

ROUTES = """
routes = []
suite = ("clinic_", "website_clinic")
for rule in env["ir.http"].routing_map().iter_rules():
    routing = rule.endpoint.routing
    routes.append({
        "rule": rule.rule,
        "parts": [[bool(c), str(type(rule._converters.get(d)).__name__), d]
                  for c, d in rule._trace if d != "|"],
        "methods": routing.get("methods"),
        "auth": routing["auth"],
        "type": routing["type"],
    })
answer = routes
"""


@pytest.fixture(scope="module")
def stub():
    with front.upstream() as server:
        yield server


@pytest.fixture(scope="module", params=AS_USERS, ids=lambda o: "user" if o else "root")
def nginx(stub, request):
    with front.serving(stub.port, ordinary=request.param) as running:
        yield running


@pytest.fixture(scope="module")
def routes(server):
    """Every route of the suite's database: its rule, the parts of its path."""
    return odoo.ask(server.database, ROUTES)


def is_ours(route):
    return route["rule"].startswith("/clinic")


def is_secret(kind, name):
    return kind == "UnicodeConverter" and any(word in name for word in SECRET_WORDS)


def write_path(route, secret):
    """An address of ``route`` with ``secret`` in place of what is secret in it."""
    written = []
    for variable, kind, text in route["parts"]:
        if not variable:
            written.append(text)
        elif is_secret(kind, text):
            written.append(secret)
        else:
            written.append(
                "7" if kind in ("IntegerConverter", "ModelConverter") else "x"
            )
    return "".join(written)


def test_no_secret_part_of_an_address_is_in_the_log(nginx, routes):
    guarded = [
        route
        for route in routes
        if any(part[0] and is_secret(*part[1:]) for part in route["parts"])
    ]
    assert len([route for route in guarded if is_ours(route)]) > 5
    asked = []
    for route in guarded:
        for secret in (secrets.token_urlsafe(16), str(uuid.uuid4())):
            path = write_path(route, secret)
            asked.append((secret, path))
            nginx.ask(path, Referer=f"https://{front.HOST}{path}")
            nginx.ask_plainly(path)
            nginx.ask_plainly(path, host="elsewhere.example")
    logged = nginx.wait_for_lines(3 * len(asked))
    assert len(logged.splitlines()) >= 3 * len(asked)
    assert [path for secret, path in asked if secret in logged] == []


def test_no_query_and_no_failed_request_is_in_a_log():
    secret = secrets.token_urlsafe(16)
    with front.serving(free_port()) as nginx:
        assert nginx.ask(f"/clinic/visit/{secret}").status == 503
        assert nginx.ask(f"/my/visits?access_token={secret}").status == 503
        nginx.ask(f"/{secret}", method=secret[:8].upper().replace("-", "A"))
        many = [nginx.ask(f"/clinic/visit/{secret}").status for _ in range(60)]
        assert 429 in many
        assert "/clinic/visit/*" in nginx.logged
        assert "/my/visits" in nginx.logged
        assert secret not in nginx.logged


def test_files_of_twenty_megabytes_reach_those_who_are_signed_in(nginx, routes):
    takes_files = [
        route
        for route in routes
        if is_ours(route)
        and route["auth"] == "user"
        and "POST" in (route["methods"] or ["POST"])
    ]
    assert takes_files
    for route in takes_files:
        path = write_path(route, "x")
        answer = nginx.ask(path, "POST", bytes(20 * 2**20))
        assert answer.status == 200, path


@pytest.mark.parametrize("language", ["", "/en", "/ru", "/sr@latin", "/pt_BR"])
def test_strangers_send_little_in_any_language(nginx, language):
    for path in ("/clinic", "/clinic/booking", "/clinic/booking/confirm"):
        answer = nginx.ask(language + path, "POST", bytes(2 * 2**20))
        assert answer.status == 413, path
    if language:
        assert nginx.ask(f"{language}/xmlrpc/2/common").status == 404


def test_limits_hold_in_every_language_and_only_for_the_site():
    with front.upstream() as stub, front.serving(stub.port) as nginx:
        languages = ("", "/en", "/ru", "/sr@latin")
        asked = [
            nginx.ask(f"{languages[number % 4]}/clinic/specialists/9").status
            for number in range(60)
        ]
        assert asked.count(429) > 20
        for path in ("/my/visits", "/clinical", "/enclinic", "/odoo/clinic"):
            assert nginx.ask(path).status == 200


def test_steps_upwards_in_a_path_are_refused(nginx):
    for path in (
        *("/clinic_base/static/../x", "/web/static/./x", "/../etc/passwd", "/a/.."),
        *("/clinic_base/static/%2e%2e/x", "/clinic_base/static/%2E./x", "/a/..%2fx"),
    ):
        assert nginx.ask(path).status == 400, path
    for path in ("/web/content/1/a..b.pdf", "/my?next=/../x", "/web/.well"):
        assert nginx.ask(path).status == 200, path


def test_what_a_page_says_of_its_address_counts(stub):
    for policy, told in (("no-referrer", "no-referrer"), ("", "same-origin")):
        stub.headers["Referrer-Policy"] = policy
        if not policy:
            del stub.headers["Referrer-Policy"]
        with front.serving(stub.port) as nginx:
            answer = nginx.ask("/clinic/visit/x")
        assert answer.headers.get_all("Referrer-Policy") == [told]


def test_only_the_clinics_own_name_is_passed_on(nginx, stub):
    assert nginx.ask("/my").status == 200
    _method, _path, headers = stub.asked[-1]
    assert headers["Host"] == headers["X-Forwarded-Host"] == front.HOST
    assert nginx.ask("/my", X_Forwarded_Host="evil.example").status == 200
    assert stub.asked[-1][2]["X-Forwarded-Host"] == front.HOST
    before = len(stub.asked)
    assert nginx.ask("/web/login", host="evil.example").status == 421
    assert nginx.ask_plainly("/web/login", host="evil.example").status == 421
    with pytest.raises(ssl.SSLError):
        nginx.ask("/web/login", host="evil.example", name="evil.example")
    assert len(stub.asked) == before


def test_ways_in_that_count_no_failure_are_shut(nginx):
    """Odoo's old protocols sign in without saying from where."""
    for path in (
        "/jsonrpc",
        "/xmlrpc/common",
        "/xmlrpc/2/common",
        "/web/database/drop",
    ):
        assert nginx.ask(path, "POST", b"{}").status == 404


def test_a_whole_branch_signs_in_at_eight(nginx):
    """Forty people behind one address: the page and its form each."""
    answers = [nginx.ask("/web/login").status for _ in range(80)]
    assert set(answers) == {200}


def test_static_files_of_modules_are_sent_and_nothing_else(nginx, stub):
    secret = "kept-apart"
    for path in (
        "clinic_x/static/src/shown.js",
        "addons/sms_x/static/shown.js",
        "clinic_x/models/hidden.py",
        "clinic_x/static/.hidden/x.js",
        ".local/static/odoo.conf",
        "config/compose/secrets.env",
        "odoo.conf",
    ):
        file = nginx.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("shown" if "shown" in path else secret)
    link = nginx.clone / "clinic_x" / "static" / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(nginx.clone)
    assert nginx.ask("/clinic_x/static/src/shown.js").body == "shown"
    assert nginx.ask("/sms_x/static/shown.js").body == "shown"
    assert nginx.ask("/web/static/of/odoo.js").body == "odoo"
    for path in (
        "/clinic_x/models/hidden.py",
        "/clinic_x/static/../models/hidden.py",
        "/clinic_x/static/%2e%2e/models/hidden.py",
        "/clinic_x/static/..%2f..%2fodoo.conf",
        "/clinic_x/static/link/odoo.conf",
        "/clinic_x/static/.hidden/x.js",
        "/.local/static/odoo.conf",
        "/config/compose/secrets.env",
        "/odoo.conf",
        "/clinic-one-moment/../../../odoo.conf",
        "/clinic-one-moment/%2e%2e/clinic.conf",
    ):
        assert secret not in nginx.ask(path).body, path


def test_an_attachment_is_sent_from_where_odoo_keeps_it(stub):
    """Kept as the unit's UMask keeps files; nginx's user is in their group."""
    with front.serving(stub.port, ordinary=True) as nginx:
        folder = nginx.data / "filestore" / "clinic" / "ab"
        folder.mkdir(parents=True)
        file = folder / "abcd"
        file.write_text("an attachment")
        worker = os.geteuid(), os.getegid()
        if os.geteuid() == 0:
            worker = 0, os.stat(nginx.folder).st_gid
        for path in (nginx.data, *nginx.data.rglob("*")):
            path.chmod(0o750 if path.is_dir() else 0o640)
            os.chown(path, *worker)
        stub.headers["X-Accel-Redirect"] = "/web/filestore/clinic/ab/abcd"
        try:
            assert nginx.ask("/web/content/1").body == "an attachment"
        finally:
            stub.headers.clear()
        assert nginx.ask("/web/filestore/clinic/ab/abcd").status == 404


@contextmanager
def overloaded():
    """A port whose queue is full: the kernel drops what comes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(address)
            waiting.append(client)
        yield address[1]
        for client in waiting:
            client.close()


@contextmanager
def nobody():
    yield free_port()


@contextmanager
def without_database():
    with front.upstream() as odoo_server:
        odoo_server.status = 503
        yield odoo_server.port


@pytest.mark.parametrize("state", [nobody, overloaded, without_database])
def test_who_cannot_be_answered_is_asked_for_one_moment(state):
    with state() as port, front.serving(port) as nginx:
        for language, title, sending in (
            (RUSSIAN, "Одну минуту", "не знаем, выполнено ли"),
            (ENGLISH, "One moment", "do not know whether"),
        )[: 1 if state is overloaded else 2]:
            page = nginx.ask("/my/visits", **language)
            assert (page.status, page.headers["Retry-After"]) == (503, "5")
            assert title in page.body
            assert "location.reload" in page.body
            assert page.headers["Content-Type"] == "text/html; charset=utf-8"
            assert page.headers["Cache-Control"] == "no-store"
            sent = nginx.ask("/clinic/booking/confirm", "POST", b"a=b", **language)
            assert sent.status == 503
            assert sending in sent.body
            assert "reload" not in sent.body
            assert "refresh" not in sent.body
            assert 'href="/my"' in sent.body


def test_programs_are_told_in_their_own_form():
    with front.serving(free_port()) as nginx:
        for path, headers in (
            ("/json/2/clinic.appointment/find_slots", {}),
            ("/web/dataset/call_kw", {"Content_Type": "application/json"}),
            ("/clinic/hall/x/queue", {"Accept": "application/json"}),
        ):
            answer = nginx.ask(path, "POST", b"{}", **headers, **RUSSIAN)
            assert answer.status == 503
            assert answer.headers["Retry-After"]
            told = json.loads(answer.body)
            assert told["error"]["data"]["message"] == told["message"]
            assert "неизвестно" in told["message"]


def test_the_pages_fetch_nothing():
    pages = list((ROOT / "config" / "nginx" / "pages").glob("*.html"))
    assert len(pages) == 4
    for page in pages:
        assert "src=" not in page.read_text()
        assert "://" not in page.read_text()
