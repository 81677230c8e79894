"""A PostgreSQL server of one test, with settings of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from clinic_cli import postgres, system_packages


@dataclass(frozen=True)
class Cluster:
    port: int
    log: Path

    def connect(self):
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user="clinic", dbname="postgres"
        )


@contextmanager
def serving(*flags: str, include: Path | None = None) -> Iterator[Cluster]:
    """A fresh server with ``flags``, and the settings of the file ``include``."""
    home = system_packages.postgres_home()
    if not home:
        pytest.skip("no PostgreSQL server is installed here")
    folder = Path(tempfile.mkdtemp(prefix="clinic-postgres-"))
    # Whom the private cluster belongs to: never root.
    owner = postgres._owner()
    options: dict[str, object] = {"cwd": "/"}
    if os.geteuid() == 0:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": ()}
    data, port = folder / "data", postgres.free_port()
    try:
        subprocess.run(
            [
                *(home / "bin" / "initdb", "--pgdata", data, "--username", "clinic"),
                *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            **options,  # type: ignore[call-overload]
        )
        if include:
            with (data / "postgresql.conf").open("a") as settings:
                settings.write(include.read_text())
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    *(home / "bin" / "postgres", "-D", data, "-p", str(port)),
                    *("-c", "listen_addresses=127.0.0.1"),
                    *("-c", "unix_socket_directories="),
                    *flags,
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                **options,  # type: ignore[call-overload]
            )
        try:
            cluster = Cluster(port, log)
            _wait_for(cluster, server)
            yield cluster
        finally:
            server.terminate()
            server.wait(30)
    finally:
        shutil.rmtree(folder)


def _wait_for(cluster: Cluster, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            cluster.connect().close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(cluster.log.read_text())
