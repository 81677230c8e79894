import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tests.common import _super_send

from ...tools import outgoing


class Handler(BaseHTTPRequestHandler):
    """Whatever a site may do to whoever calls it."""

    def do_POST(self):
        self.server.bodies.append(
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
        )
        getattr(self, f"do_{self.path.strip('/')}")()

    do_GET = do_POST

    def do_elsewhere(self):
        self.answer(b'{"told": "elsewhere"}')

    def do_redirect(self):
        self.answer(b"", 307, Location="/elsewhere")

    def do_hang(self):
        self.server.closing.wait(10)

    def do_drip(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.wait(0.05):
            self.wfile.write(b" ")

    def do_endless(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.closing.is_set():
            self.wfile.write(b" " * 65536)

    def do_nested(self):
        self.answer(b"[" * 100_000)

    def do_packed(self):
        self.answer(b"\x1f\x8b", **{"Content-Encoding": "gzip"})

    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            return  # The other side has had enough.

    def log_message(self, *_args):
        pass


@tagged("post_install", "-at_install")
class TestOutgoing(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        cls.server.daemon_threads = True
        cls.server.bodies = []
        cls.server.closing = threading.Event()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.addClassCleanup(cls.server.closing.set)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.url = f"http://127.0.0.1:{cls.server.server_port}"

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo makes time-outs of tests longer; here they are what is tested.
        return _super_send(s, r, **kw)

    def setUp(self):
        super().setUp()
        self.server.bodies.clear()

    def call(self, path, **options):
        return outgoing.call("POST", f"{self.url}/{path}", **options)

    def test_an_answer_is_read(self):
        answer = self.call("elsewhere", json={"a": 1})
        self.assertEqual(
            (answer.status, answer.read_json()["told"]), (200, "elsewhere")
        )

    def test_a_redirect_is_told_and_nothing_is_sent_on(self):
        answer = self.call("redirect", data={"psw": "secret"})
        self.assertEqual(answer.status, 307)
        self.assertEqual(len(self.server.bodies), 1)

    def test_only_https_is_called_beyond_this_machine(self):
        for url in (
            "http://example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com",
            "ftp://127.0.0.1",
            "file:///etc/passwd",
            "//example.com",
            "https://",
            "",
            "https://user@example.com",
            "https://example.com@127.0.0.1",
            "https://:secret@example.com",
            "https://example.com:0",
            "https://example.com:65536",
            "https://example.com:https",
            "https://example .com",
            " https://example.com",
            "https://example.com/a b",
            "https://example.com\\@127.0.0.1",
            "https://example.com\n.127.0.0.1",
            "https://exаmple.com",  # a Cyrillic letter
            "https://example。com",
            "https://2130706433",
            "https://0x7f000001",
            "https://127.1",
            "https://-example.com",
            "https://example..com",
        ):
            with self.subTest(url=url), self.assertRaises(ValueError):
                outgoing.call("GET", url)

    def test_ordinary_addresses_may_be_called(self):
        for url in (
            "https://api.example.com/v1",
            "https://sms-gate.example.co.uk:8443/send?to=%2B7",
            "https://xn--80aswg.xn--p1ai",
            "https://192.0.2.7/",
            "https://[2001:db8::1]:8443/x",
            "http://127.0.0.1:8069",
            "http://[::1]:8069",
            "http://localhost",
        ):
            with self.subTest(url=url):
                self.assertEqual(outgoing.check_url(url), url.rstrip("/"))

    def test_whoever_is_silent_or_drips_is_left_in_time(self):
        for path in ("hang", "drip"):
            begun = time.monotonic()
            with self.subTest(path=path), self.assertRaises(outgoing.UnansweredError):
                self.call(path, within=0.3)
            self.assertLess(time.monotonic() - begun, 3)

    def test_nobody_who_waits_for_a_page_waits_longer_than_five_seconds(self):
        for waiting, limit in ((SimpleNamespace(db=None), 5), (None, 30)):
            with (
                patch.object(outgoing, "request", waiting),
                patch.object(outgoing, "_fetch") as fetch,
            ):
                for within in (None, 60):
                    begun = time.monotonic()
                    self.call("elsewhere", within=within)
                    deadline = fetch.call_args.args[2]
                    self.assertLessEqual(deadline - begun, limit + 1)

    def test_an_answer_without_end_is_not_read(self):
        with patch.object(outgoing, "MAXIMUM", 200_000):
            with self.assertRaisesRegex(outgoing.UnansweredError, "too long"):
                self.call("endless")

    def test_what_is_packed_or_too_deep_is_no_answer(self):
        for path in ("packed", "nested"):
            with self.subTest(path=path), self.assertRaises(ValueError):
                self.call(path).read_json()

    def test_where_nobody_listens_nothing_has_arrived(self):
        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as closed:
            url = f"http://127.0.0.1:{closed.server_port}"
        with self.assertRaises(outgoing.NotReachedError):
            outgoing.call("POST", url)
