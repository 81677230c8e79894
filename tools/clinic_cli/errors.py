"""Failures that a person can act on, and the exit codes scripts can rely on."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of ``./clinic``; ``test`` passes on pytest's own (0 to 5)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NETWORK = 10
    PORT = 11
    DISK = 12
    PYTHON = 13
    RIGHTS = 14
    SYSTEM = 15
    STATE = 16
    INTERRUPTED = 130


class ClinicError(Exception):
    """A failure told as one line of cause and one line of cure."""

    def __init__(self, cause: str, cure: str, code: ExitCode = ExitCode.FAILED) -> None:
        super().__init__(cause)
        self.cause = cause
        self.cure = cure
        self.code = code


def disk_full(what: str) -> ClinicError:
    return ClinicError(
        f"{what}: the disk is full.",
        "Free some space (a set-up takes about 4 GB) and run the command again.",
        ExitCode.DISK,
    )


def no_network(what: str) -> ClinicError:
    return ClinicError(
        f"{what}: the download server cannot be reached.",
        "Check the network and the proxy settings, then run the command again; "
        "what is already downloaded is kept.",
        ExitCode.NETWORK,
    )


def untrusted_server(what: str) -> ClinicError:
    return ClinicError(
        f"{what}: the certificate of the download server is not trusted here.",
        "Behind a proxy that opens TLS, add its certificate to the system's "
        "(update-ca-certificates) and name the bundle in PIP_CERT and "
        "NODE_EXTRA_CA_CERTS; then run the command again.",
        ExitCode.NETWORK,
    )


def no_rights(what: str, cure: str) -> ClinicError:
    return ClinicError(what, cure, ExitCode.RIGHTS)


def from_os_error(error: OSError) -> ClinicError:
    """Give the operating system's refusal a cure."""
    name = error.filename or "a file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(f"Writing {name}")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return no_rights(
            f"No right to use {name}.",
            "Run as the user who set this folder up, or give it to yourself "
            "with chown.",
        )
    if error.errno == errno.EADDRINUSE:
        return ClinicError(
            f"The port is taken: {error}.",
            "Stop what uses it or name another one with --port.",
            ExitCode.PORT,
        )
    return ClinicError(f"{error}.", "Run ./clinic doctor to see what is wrong.")
