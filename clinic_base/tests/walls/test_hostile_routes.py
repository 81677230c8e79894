"""Nothing that a visitor can send is answered by a fault of the server."""

import itertools
import json
import re
import threading
from urllib.parse import quote, urlencode

from hypothesis import HealthCheck, given, seed, settings, strategies as st

from odoo.http import Request
from odoo.modules.module import Manifest
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

TEXTS = st.sampled_from(
    [
        "",
        "\x00",
        "a\x00b",
        "ы",
        "\N{GRINNING FACE}",
        "../../etc/passwd",
        "%00",
        "{{7*7}}",
        "'; DROP TABLE x; --",
        "<script>",
        "x" * 5000,
        "\ufffe",
        "-1",
        "0",
        "99999999999999999999",
        "1e999",
        "NaN",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31 23:59:59",
        "0001-01-01 00:00:00",
        "[" * 3000,
    ]
)
NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**63, 10**30, 0.1, 1e308])
DEEP = "[" * 100_000
VALUES = st.recursive(
    st.one_of(TEXTS, NUMBERS, st.none(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(TEXTS, inner, max_size=2)
    ),
    max_leaves=4,
)
REPORTED = (
    "",
    "x",
    "0",
    "-1",
    "9" * 30,
    "1,x",
    "%00",
    "%D1%8B",
    "1?context=x&options=x",
)
COOKIES = ("session_id", "frontend_lang", "tz", "cids", "color_scheme")
COOKIE_VALUES = (
    "",
    "x",
    "a" * 84,
    "-1",
    "9" * 40,
    "1-x",
    "[",
    "%00",
    "%D1%8B",
    "../..",
)
# What Odoo answers where the sender is at fault.
REFUSALS = re.compile(
    r"odoo\.exceptions\.|werkzeug\.exceptions\.|SessionExpired|odoo\.http\."
)
FIXED = settings(
    max_examples=6,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestHostileRoutes(HttpCase):
    def get_routes(self):
        """Rules of the routing map whose code is the suite's."""
        author = Manifest.for_addon("clinic_base")["author"]
        # Odoo's map asks the thread which database it serves.
        thread = threading.current_thread()
        if not hasattr(thread, "dbname"):
            thread.dbname = self.env.cr.dbname
            self.addCleanup(delattr, thread, "dbname")
        for rule in self.env["ir.http"].routing_map().iter_rules():
            function = getattr(rule.endpoint, "func", rule.endpoint)
            parts = function.__module__.split(".")
            manifest = len(parts) > 2 and Manifest.for_addon(parts[2])
            if parts[:2] == ["odoo", "addons"] and manifest["author"] == author:
                yield rule

    def fill(self, rule, value):
        """The path of ``rule`` with ``value`` wherever it takes any."""

        def take(match):
            kind, _sep, name = match[1].rpartition(":")
            if kind.startswith("any("):
                return kind[4:].split(")")[0].split(",")[0].strip()
            if kind.startswith("int"):
                return re.sub(r"\D", "", str(value)) or "0"
            return quote(str(value), safe="") or "x"

        return re.sub(r"<([^>]+)>", take, rule.rule)

    def names_of(self, rule):
        code = (
            rule.endpoint.func.__wrapped__
            if hasattr(rule.endpoint.func, "__wrapped__")
            else rule.endpoint.func
        )
        names = getattr(code, "__code__", None)
        return list(names.co_varnames[1 : names.co_argcount]) if names else []

    def send(self, rule, value, number):
        """One request; its answer."""
        path = self.fill(rule, value)
        names = [*self.names_of(rule), "x"]
        kind = rule.endpoint.routing["type"]
        plain = value if isinstance(value, str | int | float) else json.dumps(value)
        values = dict.fromkeys(names, plain)
        headers = {
            "X-Real-Ip": "x",
            "Accept-Language": "ы;q=x".encode().decode("latin1"),
        }
        if kind == "jsonrpc":
            bodies = (
                json.dumps({"params": dict.fromkeys(names, value)}),
                json.dumps({"params": value}),
                json.dumps(value),
                DEEP,
            )
            return self.url_open(
                path,
                data=bodies[number % len(bodies)].encode("utf-8", "surrogatepass"),
                headers={**headers, "Content-Type": "application/json"},
            )
        methods = rule.methods or {"GET"}
        if "POST" in methods and number % 2 == 0:
            if number % 4 == 0:
                data = DEEP if number % 8 == 0 else json.dumps(value)
                return self.url_open(
                    path,
                    data=data.encode("utf-8", "surrogatepass"),
                    headers={**headers, "Content-Type": "application/json"},
                )
            token = plain if number % 8 == 6 else Request.csrf_token(self)
            return self.url_open(path, data={**values, "csrf_token": token})
        query = urlencode(values, errors="surrogatepass")
        method = "GET" if "GET" in methods else "POST"
        return self.url_open(f"{path}?{query}", headers=headers, method=method)

    def check(self, rule, answer):
        self.assertLess(answer.status_code, 500, (rule.rule, answer.text[:300]))
        if rule.endpoint.routing["type"] == "jsonrpc" and answer.status_code == 200:
            fault = answer.json().get("error")
            if fault:
                name = fault["data"]["name"]
                self.assertRegex(name, REFUSALS, (rule.rule, fault["data"]["debug"]))

    @mute_logger(
        "odoo.http",
        "odoo.sql_db",
        "odoo.addons.http_routing.models.ir_http",
        "odoo.addons.payment_yookassa.controllers.main",
    )
    def run_all(self):
        rules = list(self.get_routes())
        self.assertGreater(len(rules), 1)
        for rule in rules:
            count = iter(range(1000))

            @seed(20260101)
            @FIXED
            @given(VALUES)
            def attack(value):
                self.check(rule, self.send(rule, value, next(count)))  # noqa: B023

            with self.subTest(rule=rule.rule):
                attack()

    def test_visitors(self):
        self.authenticate(None, None)
        self.run_all()

    def test_who_has_signed_in(self):
        new_test_user(
            self.env,
            login="hostile",
            groups="clinic_base.group_registrar,clinic_base.group_medical",
        )
        self.authenticate("hostile", "hostile")
        self.run_all()

    def test_a_patient_of_the_portal(self):
        new_test_user(self.env, login="hostile", groups="base.group_portal")
        self.authenticate("hostile", "hostile")
        self.run_all()

    @mute_logger("odoo.http", "odoo.addons.http_routing.models.ir_http")
    def test_reports_of_records_that_cannot_be(self):
        new_test_user(
            self.env,
            login="hostile",
            groups="clinic_base.group_registrar,clinic_base.group_medical",
        )
        self.authenticate("hostile", "hostile")
        reports = self.env["ir.actions.report"].search(
            [("model", "=like", "clinic.%"), ("report_type", "=like", "qweb-%")]
        )
        names = [*reports.mapped("report_name"), "clinic_base.no_such_report", "x"]
        for name, kind in itertools.product(names, ("pdf", "html", "text", "x")):
            for docids in REPORTED:
                path = f"/report/{kind}/{name}/{docids}"
                answer = self.url_open(path)
                self.assertLess(answer.status_code, 500, path)

    @mute_logger("odoo.http", "odoo.addons.http_routing.models.ir_http")
    def test_cookies_that_nobody_has_been_given(self):
        pages = ("/", "/web/login", "/my", "/web")
        for cookie, value in itertools.product(COOKIES, COOKIE_VALUES):
            self.authenticate(None, None)
            self.opener.cookies.set(cookie, value)
            for page in pages:
                answer = self.url_open(page)
                self.assertLess(answer.status_code, 500, (cookie, value, page))
            self.opener.cookies.clear()

    def test_a_path_with_control_characters_is_refused(self):
        self.authenticate(None, None)
        for code in (0, 1, 8, 10, 13, 27, 31, 127):
            for path in (f"/my/%{code:02x}", f"/web%{code:02x}/login"):
                self.assertEqual(self.url_open(path).status_code, 400, path)
