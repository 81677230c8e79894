"""Runs other programs and turns their failures into cause and cure."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .errors import ClinicError, ExitCode, disk_full, no_network, untrusted_server

_DISK_SIGNS = ("No space left on device", "Disk quota exceeded", "ENOSPC")
_CERTIFICATE_SIGNS = (
    "CERTIFICATE_VERIFY_FAILED",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "certificate verification failed",
)
_NETWORK_SIGNS = (
    "Could not resolve",
    "Failed to establish a new connection",
    "Network is unreachable",
    "Temporary failure",
    "Could not connect",
    "Unable to connect",
    "Connection timed out",
    "Connection failed",
    "ReadTimeoutError",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
)


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    cure: str = "Run ./clinic doctor to see what is wrong.",
    env: Mapping[str, str] | None = None,
    **options: Any,
) -> str:
    """Run ``command`` to its end without standard input and return its output.

    ``env`` is added to this process's environment.
    :raises ClinicError: when it fails; network and disk are told apart.
    """
    try:
        result = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(env or {})},
            **options,
        )
    except FileNotFoundError as error:
        raise ClinicError(
            f"{what}: the program {command[0]} is missing.",
            "Install it with the system's package manager and run this again.",
            ExitCode.SYSTEM,
        ) from error
    if result.returncode:
        raise explain(what, cure, result.stdout)
    return result.stdout


def follow(
    command: Sequence[str | Path],
    *,
    what: str,
    cure: str,
    log: Path,
    on_line: Callable[[str], None],
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a long ``command``, keep its output in ``log``, hand each line on."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", buffering=1) as kept,
        subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(env or {})},
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            kept.write(line)
            on_line(line)
    if process.returncode:
        raise explain(what, f"{cure} The whole log: {log}", log.read_text())


def explain(what: str, cure: str, output: str) -> ClinicError:
    """The most telling error for a program that failed with this ``output``."""
    if any(sign in output for sign in _DISK_SIGNS):
        return disk_full(what)
    if any(sign in output for sign in _CERTIFICATE_SIGNS):
        return untrusted_server(what)
    if any(sign in output for sign in _NETWORK_SIGNS):
        return no_network(what)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower()] or lines
    reason = telling[-1] if telling else "it said nothing"
    return ClinicError(f"{what} failed: {reason}", cure)
