"""Parses the command line and runs one command."""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from typing import NoReturn, Protocol, cast

from . import odoo_source
from .errors import ClinicError, ExitCode, from_os_error

COMMANDS = {
    "setup": "setup",
    "demo": "demo",
    "test": "test",
    "run": "run",
    "shell": "shell",
    "lint": "lint",
    "bench": "bench",
    "pictures": "pictures",
    "import": "import_data",
    "backup": "backup",
    "restore": "restore",
    "keys": "keys",
    "doctor": "doctor",
}


class Command(Protocol):
    """What a module below ``commands`` offers."""

    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int:
        """Do it and return the exit code; ``args.rest`` holds what is passed on."""


def main(argv: list[str]) -> int:
    """Run ``./clinic`` with these arguments and return its exit code."""
    if argv[:1] in (["-h"], ["--help"], ["help"]):
        print(usage())
        return ExitCode.OK
    if not argv or argv[0] not in COMMANDS:
        asked = f"clinic: unknown command: {argv[0]}\n\n" if argv else ""
        print(f"{asked}{usage()}", file=sys.stderr)
        return ExitCode.USAGE
    signal.signal(signal.SIGTERM, _end)
    try:
        return _run(argv[0], argv[1:])
    except ClinicError as error:
        return _report(error)
    except OSError as error:
        return _report(from_os_error(error))
    except KeyboardInterrupt:
        print("\nclinic: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED


def usage() -> str:
    """The list of commands, one line each."""
    lines = [f"  {name:8} {_load(name).HELP}" for name in COMMANDS]
    return "\n".join(
        ["usage: ./clinic COMMAND [options]", "", *lines, ""]
        + ["./clinic COMMAND --help tells a command's options."]
    )


def _load(name: str) -> Command:
    module = importlib.import_module(f".commands.{COMMANDS[name]}", __package__)
    return cast(Command, module)


def _run(name: str, argv: list[str]) -> int:
    command = _load(name)
    parser = argparse.ArgumentParser(
        prog=f"./clinic {name}", description=command.HELP, allow_abbrev=False
    )
    parser.add_argument(
        "--odoo", metavar="PATH", help="use this Odoo 19.0 checkout from now on"
    )
    command.add_arguments(parser)
    args, rest = parser.parse_known_args(argv)
    if rest and not getattr(command, "PASSES_ON", False):
        parser.error(f"unknown arguments: {' '.join(rest)}")
    args.rest = rest
    if args.odoo:
        odoo_source.choose(args.odoo)
    return command.run(args)


def _report(error: ClinicError) -> int:
    print(f"clinic: {error.cause}\n  cure: {error.cure}", file=sys.stderr)
    return error.code


def _end(_signal: int, _frame: object) -> NoReturn:
    """End like an exception does, so that servers are stopped and clones dropped."""
    sys.exit(128 + signal.SIGTERM)
