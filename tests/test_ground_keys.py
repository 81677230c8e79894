"""``./clinic keys rotate``: everything is sealed anew, and still opens."""

import os
import shutil
import subprocess

import pytest
from clinic_cli import databases
from clinic_cli.layout import DATA, ROOT
from clinic_cli.progress import Progress

SEALED = (
    "SELECT DISTINCT encode(substr(reason, 2, 4), 'hex') FROM clinic_emergency_access"
)
MAKE = """
for number in range(3):
    env["clinic.emergency.access"].create({
        "patient_id": env["clinic.patient"].create({"name": "Ротация"}).id,
        "reason": f"причина {number}",
    })
env.cr.commit()
"""
READ = """
from odoo.addons.clinic_base.tools.authority import medical_job
with medical_job("test"):
    print("READ", env["clinic.emergency.access"].search([]).mapped("reason"))
"""


@pytest.fixture
def sealed(postgresql, tmp_path):
    """A database with sealed values, and the environment with keys of its own."""
    template = databases.ensure_suite_template(postgresql, Progress())
    keys = shutil.copy(DATA / "clinic.keys", tmp_path / "clinic.keys")
    with databases.scratch(postgresql, template) as name:
        environment = {**os.environ, "CLINIC_KEY_FILE": str(keys)}
        clinic(environment, "shell", "--database", name, script=MAKE)
        yield name, keys, environment


def clinic(environment, *arguments, script=""):
    return subprocess.run(
        [ROOT / "clinic", *arguments],
        input=script,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def test_a_rotation_seals_all_with_a_new_key_and_loses_nothing(postgresql, sealed):
    database, keys, environment = sealed
    [[before]] = postgresql.sql(SEALED, database)
    output = clinic(environment, "keys", "rotate", "--database", database)
    assert "3 values sealed anew" in output
    [[after]] = postgresql.sql(SEALED, database)
    assert before != after
    lines = [line for line in keys.read_text().splitlines() if line[:1] != "#"]
    assert lines[-1].startswith(after)
    read = clinic(environment, "shell", "--database", database, script=READ)
    assert all(f"причина {number}" in read for number in range(3))
