"""``./clinic demo``: from a fresh clone to a running demonstration clinic."""

from __future__ import annotations

import argparse

from .. import databases, demonstration, ground, odoo
from ..errors import ClinicError
from ..layout import CORE_MODULES, DEMO_DATABASE, DEMO_MODULE, modules, suite_modules
from ..postgres import Server
from ..progress import Progress
from ..serving import DEFAULT_PORT, serve

HELP = "set up all that is missing, load a demonstration clinic and serve it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument(
        "--lang",
        choices=databases.LANGUAGES,
        default="ru_RU",
        help="language of a newly made demonstration clinic (default: %(default)s)",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="throw the clinic away and make a new one"
    )
    parser.add_argument(
        "--no-serve", action="store_true", help="only set up and load, do not serve"
    )


def run(args: argparse.Namespace) -> int:
    progress = Progress()
    if not args.no_serve:
        odoo.check_port(args.port)
    with ground.ready(progress) as server:
        _ensure_clinic(server, progress, args.lang, args.fresh)
        progress.summary()
        progress.save(ground.TIMES)
        if args.no_serve:
            progress.say(f"The clinic is loaded in the database {DEMO_DATABASE}.")
            return 0
        return serve(DEMO_DATABASE, args.port, progress, greeting=_greeting(server))


def _ensure_clinic(
    server: Server, progress: Progress, language: str, fresh: bool
) -> None:
    """Make the clinic, or bring the one that is there to the present code and hour."""
    if absent := {*CORE_MODULES, DEMO_MODULE} - set(modules()):
        raise ClinicError(
            f"This clone lacks the modules {', '.join(sorted(absent))}.",
            "Bring it up to date with git pull.",
        )
    if fresh:
        databases.drop(server, DEMO_DATABASE)
    if not databases.exists(server, DEMO_DATABASE):
        demonstration.make(server, progress, DEMO_DATABASE, language)
    else:
        if databases.key_of(server, DEMO_DATABASE) != databases.demo_key():
            with progress.step("Database: update the modules to the present code"):
                odoo.change_modules(
                    DEMO_DATABASE, progress, install=suite_modules(), update=modules()
                )
        demonstration.roll_on(progress, DEMO_DATABASE)
    databases.set_key(server, DEMO_DATABASE, databases.demo_key())


def _greeting(server: Server) -> list[str]:
    """The logins that the clinic has, as its page of signing in lists them."""
    logins = demonstration.get_logins(server, DEMO_DATABASE)
    return [
        "Log in as (the password is the same word):",
        f"  {', '.join(logins)}",
    ]
