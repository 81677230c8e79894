"""``./clinic keys``: a new key for the medical record, and everything sealed with it.

The key file holds all keys; the last one seals, all of them open. Rotation adds a key
and seals every value anew, batch by batch. Keep the file before and after it apart from
the backups: older backups open with older keys only.
"""

from __future__ import annotations

import argparse

from .. import databases, ground, odoo
from ..errors import ClinicError, ExitCode
from ..layout import DEMO_DATABASE
from ..progress import Progress

HELP = "rotate the key of the medical record: ./clinic keys rotate"

_ADD = """
from odoo.addons.clinic_base.fields import key_file
from odoo.addons.clinic_base.tools.keyring import append_key
append_key(key_file())
"""
_RESEAL = """
answer = env["clinic.medical.mixin"]._rotate_all_keys(env.cr.commit)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("rotate",))
    parser.add_argument("--database", default=DEMO_DATABASE)
    parser.add_argument(
        "--resume",
        action="store_true",
        help="make no other key, only seal what an interrupted rotation has left",
    )


def run(args: argparse.Namespace) -> int:
    script = ("" if args.resume else _ADD) + _RESEAL
    progress = Progress()
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        with progress.step("Medical record: seal everything with the newest key"):
            sealed = _seal(args.database, script)
    progress.say(f"    {sealed:,} values sealed anew; keep the key file safe")
    return ExitCode.OK


def _seal(database: str, script: str) -> int:
    """Number of values sealed anew."""
    try:
        return odoo.ask(database, script)
    except ClinicError as error:
        raise ClinicError(
            f"Not everything is sealed with the newest key. {error.cause}",
            "Mend what the message names, then: ./clinic keys rotate --resume",
        ) from error
