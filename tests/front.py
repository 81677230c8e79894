"""nginx with the file of config/nginx, on free ports before a server of the test."""

from __future__ import annotations

import http.client
import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from clinic_cli.layout import ROOT
from clinic_cli.postgres import free_port

SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
HOST = "clinic.example"
CONFIGURATION = ROOT / "config" / "nginx" / "clinic.conf"
MAIN = """
{user}
pid {folder}/pid;
daemon off;
error_log {folder}/nginx.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clinic.conf;
}}
"""


def tool(name: str) -> str:
    """The path of a program of the system; without it the test is skipped."""
    path = shutil.which(name, path=SYSTEM_PATH)
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


@dataclass
class Upstream:
    """Stands where Odoo does, answers the same to all and keeps what it is asked."""

    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0


@contextmanager
def upstream() -> Iterator[Upstream]:
    known = Upstream()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            known.asked.append((self.command, self.path, dict(self.headers)))
            self.send_response(known.status)
            for name, value in known.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"odoo")

        do_GET = do_POST = answer

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield known
        server.shutdown()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass(frozen=True)
class Front:
    """A running nginx; everything it reads and writes lies in ``folder``."""

    folder: Path
    port: int
    plain_port: int
    context: ssl.SSLContext

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def logged(self) -> str:
        """All that nginx has written about requests."""
        return "".join(
            path.read_text(errors="replace") for path in self.folder.glob("*.log")
        )

    def wait_for_lines(self, count: int) -> str:
        """What is logged once it has so many lines: nginx notes a request when its
        answer has gone out, which may be after the test has read it."""
        deadline = time.monotonic() + 5
        while self.logged.count("\n") < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.logged

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        host: str = HOST,
        name: str = HOST,
        **headers: str,
    ) -> Answer:
        """Ask by TLS for ``host`` after naming ``name`` in the handshake; ``headers``
        with underscores for dashes."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=60) as plain,
            self.context.wrap_socket(plain, server_hostname=name) as secure,
        ):
            connection = http.client.HTTPConnection(host)
            connection.sock = secure
            names = {key.replace("_", "-"): value for key, value in headers.items()}
            connection.request(method, path, body, names)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())

    def ask_plainly(self, path: str, host: str = HOST) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.plain_port)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())


def make_certificate(folder: Path) -> None:
    subprocess.run(
        [
            *(tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes"),
            *("-subj", f"/CN={HOST}", "-days", "1"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )


def write_configuration(
    folder: Path, port: int, plain_port: int, odoo_port: int, user: str = ""
) -> Path:
    """The shipped file with the ports and folders of a test; nothing else differs."""
    text = CONFIGURATION.read_text()
    for pattern, value in (
        (r"    listen \[::\].*\n", ""),
        (r"listen 80\b", f"listen 127.0.0.1:{plain_port}"),
        (r"listen 443\b", f"listen 127.0.0.1:{port}"),
        (r"127\.0\.0\.1:8069", f"127.0.0.1:{odoo_port}"),
        (r"/etc/ssl/clinic", f"{folder}"),
        (r"/var/log/nginx", f"{folder}"),
        (r"/var/lib/clinic", f"{folder}/data"),
        (r"/opt/clinic", f"{folder}/clone"),
    ):
        text, found = re.subn(pattern, value, text)
        assert found, pattern
    (folder / "clinic.conf").write_text(text)
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, user=user and f"user {user};"))
    return main


@contextmanager
def serving(odoo_port: int, ordinary: bool = False) -> Iterator[Front]:
    """nginx before ``odoo_port``; started by root it works as www-data, ``ordinary``
    starts it as that user."""
    nginx = tool("nginx")
    root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="clinic-front-"))
    try:
        folder.chmod(0o755)
        make_certificate(folder)
        (folder / "data").mkdir()
        shutil.copytree(
            ROOT / "config" / "nginx" / "pages",
            folder / "clone" / "config" / "nginx" / "pages",
        )
        port, plain_port = free_port(), free_port()
        main = write_configuration(
            folder, port, plain_port, odoo_port, "www-data" if root else ""
        )
        options: dict[str, object] = {}
        if root and ordinary:
            worker = pwd.getpwnam("www-data")
            for path in (folder, folder / "privkey.pem", *folder.glob("*.conf")):
                os.chown(path, worker.pw_uid, worker.pw_gid)
            options = {"user": worker.pw_uid, "group": worker.pw_gid}
            options["extra_groups"] = ()
        process = subprocess.Popen(
            [nginx, "-e", folder / "nginx.log", "-c", main],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options,  # type: ignore[call-overload]
        )
        context = ssl.create_default_context(cafile=folder / "fullchain.pem")
        try:
            _wait_for(plain_port, process, folder)
            yield Front(folder, port, plain_port, context)
        finally:
            process.terminate()
            process.wait(20)
    finally:
        shutil.rmtree(folder)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = folder / "nginx.log"
    pytest.fail(log.read_text() if log.exists() else "nginx did not start")
