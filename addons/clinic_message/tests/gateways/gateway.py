"""A gateway over real HTTP on loopback that misbehaves as asked."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from freezegun import freeze_time

from odoo.tests.common import _super_send

from ...tools.sms_gateway import SmsGateway
from ..common import MessageCommon


class FakeGateway(ThreadingHTTPServer):
    """Provider's part: ``answer_send`` and ``answer_other`` of a subclass.

    ``faults`` holds what befalls the next sendings, one each: ``hang`` (nothing taken,
    no answer), ``late`` (taken, no answer), ``cut`` (taken, connection closed), a
    status (nothing taken), ``redirect`` (to ``elsewhere``) or ``garbage`` (taken,
    answer unreadable).
    """

    daemon_threads = True
    request_queue_size = 128
    posts = "data"  # how it posts its notices: data (a form) or json

    def __init__(self, latency=0.0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.latency = latency
        self.faults = []
        self.elsewhere = ""
        self.taken = {}
        self.replies = []
        self.requests = []
        self.released = threading.Event()
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def close(self):
        self.released.set()
        self.shutdown()
        self.server_close()

    def take(self, ref, number, text):
        """Note a message that would now go out; doubles stay visible."""
        with self.lock:
            self.taken.setdefault(str(ref), []).append((number, text))

    def receive(self, number, text):
        """Somebody writes to the rented number; the notice that is posted of it."""
        raise NotImplementedError

    def forget_replies(self):
        self.replies.clear()

    def is_send(self, path):
        raise NotImplementedError

    def answer_send(self, values, headers):
        """Status and answer; takes the message."""
        raise NotImplementedError

    def answer_other(self, path, values, headers):
        raise NotImplementedError


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        server = self.server
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size).decode()
        url = urlsplit(self.path)
        if "json" in (self.headers.get("Content-Type") or ""):
            values = dict(parse_qsl(url.query)) | json.loads(body or "{}")
        else:
            values = dict(parse_qsl(url.query) + parse_qsl(body))
        server.requests.append((url.path, values))
        if not server.is_send(url.path):
            return self.reply(*server.answer_other(url.path, values, self.headers))
        time.sleep(server.latency)
        with server.lock:
            fault = server.faults.pop(0) if server.faults else None
        if fault == "hang":
            return server.released.wait(30)
        if isinstance(fault, int):
            return self.reply(fault, {})
        if fault == "redirect":
            return self.lead_away(server.elsewhere + self.path)
        status, answer = server.answer_send(values, self.headers)
        if fault == "late":
            return server.released.wait(30)
        if fault == "cut":
            return self.connection.close()
        return self.reply(status, "<html>" if fault == "garbage" else answer)

    def lead_away(self, url):
        self.send_response(307)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def reply(self, status, answer):
        text = answer if isinstance(answer, str) else json.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_args):
        """Nothing on the console."""


class GatewayCommon(MessageCommon):
    """Messages of the outbox, and a fake gateway or two."""

    provider = None
    fake_class = None
    timeout = 0.5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        short = patch.object(SmsGateway, "timeout", cls.timeout)
        short.start()
        cls.addClassCleanup(short.stop)

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo makes time-outs of tests longer; here they are what is tested.
        if urlsplit(r.url).hostname == "127.0.0.1":
            return _super_send(s, r, **kw)
        return super()._request_handler(s, r, **kw)

    def setUp(self):
        super().setUp()
        self.fake, self.account = self.create_gateway()

    def create_gateway(self, **vals):
        fake = self.fake_class()
        self.addCleanup(fake.close)
        account = self.env["clinic.sms.account"].create(
            {
                "name": "Fake",
                "provider": self.provider,
                "company_id": self.branch.company_id.id,
                "login": "clinic",
                "secret": "open sesame",
                "sender": "Clinic",
                "url": fake.url,
                **vals,
            }
        )
        return fake, account

    def process(self):
        self.run_cron("process_outbox")

    def ask(self):
        """Ask again for all that are planned, whenever."""
        planned = self.messages.search([("ask_at", "!=", False)])
        planned.ask_at = self.env.cr.now()
        self.run_cron("ask_gateways")

    @contextmanager
    def later(self, delta):
        """Both clocks go on by ``delta``."""
        sooner = self.env.cr.now()
        moment = sooner + delta
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield
