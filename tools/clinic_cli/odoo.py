"""Runs Odoo: its configuration for this clone, installations and the server."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import process
from .errors import ClinicError, ExitCode
from .layout import ADDONS, DATA, LOCAL, LOGS, ODOO, PYTHON
from .postgres import Server, current, free_port
from .progress import Progress

CONFIGURATION = LOCAL / "odoo.conf"
_ANSWER = "CLINIC-ANSWER "
_SILENT = ("--log-level=critical",)
_TELL = f"""
import json
print({_ANSWER!r} + json.dumps(answer), flush=True)
"""
_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
_CONFIGURATION = """\
[options]
addons_path = {addons}
data_dir = {data}
db_host = {server.host}
db_port = {server.port}
db_user = {server.user}
db_password = {server.password}
db_maxconn = 64
http_interface = 127.0.0.1
admin_passwd = {master}
list_db = False
max_cron_threads = 1
; A limit on addresses would pass on to the browsers that tests start, and kill them.
limit_memory_hard = 0
"""


def configure(server: Server) -> Path:
    """Write this clone's configuration file; it holds passwords, so only its owner
    may read it."""
    text = _CONFIGURATION.format(
        addons=ADDONS,
        data=DATA,
        server=server,
        master=secrets.token_urlsafe(24),
    )
    partial = CONFIGURATION.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    partial.replace(CONFIGURATION)
    return CONFIGURATION


def command(name: str, database: str, *arguments: str) -> list[str | Path]:
    """The command line of one of Odoo's commands, or of the suite's, on ``database``.

    ``name`` may hold a subcommand: ``"module uninstall"``. Commands of addons are
    looked for before the configuration is read, so their folder is named.
    """
    return [
        *(PYTHON, ODOO, f"--addons-path={ADDONS}", *name.split()),
        *("--config", CONFIGURATION),
        *("--database", database, *arguments),
    ]


def ask(database: str, script: str) -> Any:
    """What ``script`` answers in Odoo's shell on ``database``: JSON of its ``answer``.

    :raises ClinicError: when it does not come to its end
    """
    done = subprocess.run(
        [str(part) for part in command("shell", database, "--no-http", *_SILENT)],
        input=script + _TELL,
        capture_output=True,
        text=True,
    )
    answers = [line for line in done.stdout.splitlines() if line.startswith(_ANSWER)]
    if done.returncode or not answers:
        raise process.explain(
            f"Asking {database}",
            "Bring the database up to date, or mend what the message names.",
            done.stderr,
        )
    return json.loads(answers[-1].removeprefix(_ANSWER))


def change_modules(
    database: str,
    progress: Progress,
    *,
    install: Iterable[str] = (),
    update: Iterable[str] = (),
    languages: Iterable[str] = (),
    environment: Mapping[str, str] | None = None,
    told: re.Pattern[str] | None = None,
    kept: re.Pattern[str] | None = None,
) -> None:
    """Install and update modules, showing which one is being loaded.

    :param told: lines of the log whose first group is shown as well
    :param kept: lines of the log whose first group is printed
    """
    arguments = [f"--http-port={free_port()}", "--stop-after-init", "--no-http"]
    for option, values in (
        ("--init", install),
        ("--update", update),
        ("--load-language", languages),
    ):
        if joined := ",".join(values):
            arguments.append(f"{option}={joined}")

    def show(line: str) -> None:
        if match := _LOADING.search(line):
            progress.detail(f"{match[1]} ({match[2]}/{match[3]})")
        elif told and (match := told.search(line)):
            progress.detail(match[1])
        elif kept and (match := kept.search(line)):
            progress.say(f"  {match[1]}")

    log = LOGS / f"{database}.log"
    process.follow(
        command("server", database, *arguments),
        what=f"Installing modules in {database}",
        cure="Mend the module that the message names.",
        log=log,
        on_line=show,
        env=environment,
    )


class OdooServer:
    """One Odoo process that serves one database, for ``with``."""

    def __init__(
        self, database: str, port: int | None = None, *arguments: str, log: Path
    ) -> None:
        self.database = database
        self.port = port or free_port()
        self.log = log
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> OdooServer:
        # Links are made of this address, which a sign-in does not change.
        current().sql(
            f"UPDATE ir_config_parameter SET value = '{self.url}'"
            " WHERE key = 'web.base.url'",
            self.database,
        )
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command(
                    "server",
                    self.database,
                    f"--http-port={self.port}",
                    *self._arguments,
                ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def __exit__(self, *_exception: object) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until_ready(self, seconds: float = 120) -> float:
        """Wait until the login page answers; return the seconds it took.

        :raises ClinicError: when Odoo ends or the time is over.
        """
        assert self._process is not None
        started = time.monotonic()
        while not self._answers():
            ended = self._process.poll() is not None
            if ended or time.monotonic() - started > seconds:
                raise process.explain(
                    "Starting Odoo",
                    f"Read {self.log}.",
                    self.log.read_text(errors="replace"),
                )
            time.sleep(0.1)
        return time.monotonic() - started

    def wait(self) -> int:
        """Serve until somebody stops the process."""
        assert self._process is not None
        return self._process.wait()

    def _answers(self) -> bool:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=30):
                return True
        return False


def check_port(port: int) -> None:
    """Make sure that ``port`` can be served on.

    :raises ClinicError: when somebody else listens there.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ClinicError(
                f"Port {port} cannot be used: {error.strerror}.",
                f"Stop what uses it or name another one: --port {port + 1}",
                ExitCode.PORT,
            ) from error
