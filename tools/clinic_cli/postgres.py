"""PostgreSQL: the server that PG* names, or a private cluster under ``.local``.

The private cluster listens on a free loopback port with a password of its own. It
starts on demand, is shared by parallel ``./clinic`` processes and stopped by the
last one (decision 0002).
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import process, system_packages
from .errors import ClinicError, ExitCode, no_rights
from .layout import LOCAL, LOGS
from .locks import SharedUse, exclusive
from .progress import Progress

FOLDER = LOCAL / "postgres"
DATA = FOLDER / "data"
LOG = LOGS / "postgres.log"
MINIMUM = 15
_PORT = FOLDER / "port"
_PASSWORD = FOLDER / "password"
_USER = "clinic"
_START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server."""

    host: str
    port: int
    user: str
    password: str

    @property
    def environment(self) -> dict[str, str]:
        """What libpq programs need to connect."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGCONNECT_TIMEOUT": "10",
        }

    def sql(self, query: str, database: str = "postgres") -> list[list[str]]:
        """The rows of ``query``, all values as text.

        :raises ClinicError: with the server's own words.
        """
        output = self.program(
            *("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
            *("--field-separator=\t", "--set=ON_ERROR_STOP=1"),
            *("--dbname", database, "--command", query),
        )
        return [line.split("\t") for line in output.splitlines() if line]

    def program(self, name: str, *arguments: str | Path) -> str:
        """Run one of PostgreSQL's client programs and return its output."""
        home = system_packages.postgres_home()
        path = home / "bin" / name if home else Path(name)
        return process.run(
            [path, *arguments],
            what=f"PostgreSQL's {name}",
            cure="Look at the message; ./clinic doctor tests the server.",
            env=self.environment,
        )

    @property
    def version(self) -> int:
        return int(self.sql("SHOW server_version_num")[0][0]) // 10000


def named_server() -> Server | None:
    """The server that PGHOST, PGPORT, PGUSER and PGPASSWORD name, if they do."""
    if not os.environ.get("PGHOST"):
        return None
    return Server(
        host=os.environ["PGHOST"],
        port=int(os.environ.get("PGPORT", "5432")),
        user=os.environ.get("PGUSER", pwd.getpwuid(os.geteuid()).pw_name),
        password=os.environ.get("PGPASSWORD", ""),
    )


def private_server() -> Server:
    """The private cluster as its files describe it; it need not run."""
    return Server(
        "127.0.0.1", int(_PORT.read_text()), _USER, _PASSWORD.read_text().strip()
    )


def current() -> Server:
    return named_server() or private_server()


def packages() -> tuple[system_packages.Package, ...]:
    """What the chosen way of running PostgreSQL needs from the system."""
    return system_packages.CLIENT if named_server() else system_packages.SERVER


def is_set_up() -> bool:
    return bool(named_server()) or (DATA / "PG_VERSION").exists()


@contextmanager
def serving(progress: Progress) -> Iterator[Server]:
    """A server that answers; the private one is started, shared and stopped."""
    named = named_server()
    if named:
        _check_version(named)
        yield named
        return
    with _private_serving(progress) as server:
        # Odoo reads PG* too, before its configuration file; so does whatever is
        # started from here, and it must find this server.
        os.environ.update(server.environment)
        yield server


@contextmanager
def _private_serving(progress: Progress) -> Iterator[Server]:
    use = SharedUse(FOLDER / "users.lock")
    use.join()
    try:
        with exclusive(FOLDER / "start.lock"):
            if not is_set_up():
                with progress.step("PostgreSQL: make the private cluster"):
                    _make_cluster()
            if not _answers():
                _start()
        yield private_server()
    finally:
        if use.leave():
            stop()
        use.close()


def stop() -> None:
    """Stop the private cluster, if it runs, without waiting for its clients."""
    pid = _running_pid()
    if not pid:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + _START_SECONDS
    while _running_pid() == pid and time.monotonic() < deadline:
        time.sleep(0.05)


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _check_version(server: Server) -> None:
    if server.version < MINIMUM:
        raise ClinicError(
            f"The server at {server.host}:{server.port} is PostgreSQL "
            f"{server.version}, but {MINIMUM} or later is needed.",
            "Name another one with PGHOST and PGPORT, or unset PGHOST to use a "
            "private one.",
            ExitCode.SYSTEM,
        )


def _owner() -> pwd.struct_passwd:
    """The unprivileged user that the private cluster belongs to.

    :raises ClinicError: when the cluster is somebody else's.
    """
    me = pwd.getpwuid(os.geteuid())
    if DATA.exists():
        owner = pwd.getpwuid(DATA.stat().st_uid)
        if me.pw_uid not in (0, owner.pw_uid):
            raise no_rights(
                f"The private database cluster belongs to the user {owner.pw_name}.",
                "Run as root, or as that user, or clone the repository anew.",
            )
        return owner
    if me.pw_uid:
        return me
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise no_rights(
        "PostgreSQL does not run as root, and there is no user to run it.",
        "Install the package postgresql, or run ./clinic as an ordinary user.",
    )


@contextmanager
def _as_owner(data: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """The name of ``data`` for PostgreSQL's programs, and how to start them.

    The folder is handed over as an open descriptor: its owner need not be able to
    walk the folders above it, which in a clone below /root nobody but root can.
    """
    owner = _owner()
    descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    options: dict[str, object] = {"pass_fds": (descriptor,), "cwd": "/"}
    if os.geteuid() == 0:
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": ()}
    try:
        yield f"/proc/self/fd/{descriptor}", options
    finally:
        os.close(descriptor)


def _home() -> Path:
    home = system_packages.postgres_home()
    if not home:
        raise ClinicError(
            f"PostgreSQL {MINIMUM} or later is not installed.",
            "Install Debian's package postgresql, or name a server with PGHOST, "
            "PGPORT, PGUSER and PGPASSWORD.",
            ExitCode.SYSTEM,
        )
    return home


def _make_cluster() -> None:
    partial = FOLDER / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True, mode=0o700)
    owner = _owner()
    if os.geteuid() == 0:
        os.chown(partial, owner.pw_uid, owner.pw_gid)
    _write_secret(_PASSWORD, secrets.token_urlsafe(24))
    with _as_owner(partial) as (data, options), _readable_password(owner) as password:
        options["pass_fds"] = (*options["pass_fds"], password)  # type: ignore[misc]
        process.run(
            [
                *(_home() / "bin" / "initdb", "--pgdata", data, "--username", _USER),
                *("--auth=scram-sha-256", f"--pwfile=/proc/self/fd/{password}"),
                *("--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            what="Making the private database cluster",
            **options,
        )
    partial.rename(DATA)


@contextmanager
def _readable_password(owner: pwd.struct_passwd) -> Iterator[int]:
    """The password in a pipe of ``owner``, who may not read the caller's file."""
    reader, writer = os.pipe()
    os.write(writer, _PASSWORD.read_bytes())
    os.close(writer)
    if os.geteuid() == 0:
        os.fchown(reader, owner.pw_uid, owner.pw_gid)
    try:
        yield reader
    finally:
        os.close(reader)


def _write_secret(path: Path, secret: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(f"{secret}\n")


def _settings() -> dict[str, str]:
    """For trying and developing: durable against crashes of the programs, not tuned
    for many users (``config/postgresql`` is)."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": f"{min(max(memory // 16, 128), 1024)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "maintenance_work_mem": "128MB",
        "jit": "off",
        "max_connections": "200",
        "max_locks_per_transaction": "256",
        "synchronous_commit": "off",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        # Statements carry their values, and a clone may hold a real clinic's data. An
        # error reaches who asked, and Odoo's log.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_min_duration_statement": "-1",
        "log_error_verbosity": "terse",
        "log_lock_waits": "off",
    }


def _start() -> None:
    """Start the server, on its old port if that is still free, and wait for it."""
    _PORT.write_text(str(_usable_port()))
    LOG.parent.mkdir(parents=True, exist_ok=True)
    flags = [f"--{name}={value}" for name, value in _settings().items()]
    with _as_owner(DATA) as (data, options), LOG.open("w") as log:
        server = subprocess.Popen(
            [_home() / "bin" / "postgres", "-D", data, "-p", _PORT.read_text(), *flags],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,  # type: ignore[call-overload]
        )
    deadline = time.monotonic() + _START_SECONDS
    while not _answers():
        if server.poll() is not None or time.monotonic() > deadline:
            raise process.explain(
                "Starting the private database server",
                f"Read {LOG}.",
                LOG.read_text(errors="replace"),
            )
        time.sleep(0.05)


def _usable_port() -> int:
    try:
        port = int(_PORT.read_text())
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, ValueError):
        return free_port()
    return port


def _running_pid() -> int | None:
    """The process of our server; a file left by a crash does not count."""
    try:
        pid = int((DATA / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    return pid if b"postgres" in command.split(b"\0")[0] else None


def _answers() -> bool:
    if not _running_pid():
        return False
    try:
        private_server().sql("SELECT 1")
    except ClinicError:
        return False
    return True
