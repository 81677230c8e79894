"""``./clinic keys``: a new key for the medical record, and everything sealed with it.

The key file holds all keys; the last one seals, all of them open. Rotation adds a key
and seals every value anew, batch by batch. Keep the file before and after it apart from
the backups: older backups open with older keys only.
"""

from __future__ import annotations

import argparse
import subprocess

from .. import databases, ground, odoo
from ..errors import ClinicError, ExitCode
from ..layout import DEMO_DATABASE
from ..progress import Progress

HELP = "rotate the key of the medical record: ./clinic keys rotate"

_MARK = "CLINIC-SEALED "
_ADD = """
from odoo.addons.clinic_base.fields import key_file
from odoo.addons.clinic_base.tools.keyring import append_key
append_key(key_file())
"""
_RESEAL = """
sealed = env["clinic.medical.mixin"]._rotate_all_keys(env.cr.commit)
print({mark!r} + str(sealed), flush=True)
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
    script = ("" if args.resume else _ADD) + _RESEAL.format(mark=_MARK)
    progress = Progress()
    with ground.ready(progress) as server:
        databases.require(server, args.database)
        with progress.step("Medical record: seal everything with the newest key"):
            sealed = _run_shell(args.database, script)
    if sealed is None:
        raise ClinicError(
            "Not everything is sealed with the newest key.",
            "Mend what the message above names, then: ./clinic keys rotate --resume",
        )
    progress.say(f"    {sealed:,} values sealed anew; keep the key file safe")
    return ExitCode.OK


def _run_shell(database: str, script: str) -> int | None:
    """Number of values sealed anew; None if it did not come to its end."""
    done = subprocess.run(
        odoo.command("shell", database, "--no-http", "--log-level=warn"),
        input=script,
        stdout=subprocess.PIPE,
        text=True,
    )
    marks = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if done.returncode or not marks:
        return None
    return int(marks[-1].removeprefix(_MARK))
