"""A restored clinic starts quiet, with its log of medical access intact."""

import subprocess

from clinic_cli import databases, odoo
from clinic_cli.layout import ROOT
from clinic_cli.progress import Progress

_STATE = """
answer = {
    "quiet": bool(env["clinic.quiet"].get_since()),
    "crons": env["ir.cron"].search_count([]),
    "faults": env["clinic.access.log"]._find_faults(),
}
"""


def clinic(*arguments):
    done = subprocess.run(
        [ROOT / "clinic", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_restored_clinic_keeps_quiet_until_somebody_lets_it_go(postgresql, tmp_path):
    template = databases.ensure_demo_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        backup = tmp_path / "backup.tar.gz"
        clinic("backup", "--database", database, backup)
        restored = f"{database}_back"
        try:
            assert "keeps quiet" in clinic("restore", backup, "--database", restored)
            state = odoo.ask(restored, _STATE)
            assert state == {"quiet": True, "crons": 0, "faults": []}
            # Over the first one: the log's sealed file is that of the new copy.
            clinic("restore", backup, "--database", restored, "--force")
            assert odoo.ask(restored, _STATE)["faults"] == []
        finally:
            databases.drop(postgresql, restored)
