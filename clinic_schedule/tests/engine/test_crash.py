"""A worker that is killed in the middle of a booking leaves nothing behind."""

import json
import os
import subprocess
import sys

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from ..parallel import ParallelCase

# Books, writes everything to the database, and never commits.
WORKER = """
import json, sys
import odoo.modules.module
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config_file, addons_path, database, vals = json.loads(sys.argv[1])
config.parse_config(["--config", config_file, "--addons-path", addons_path])
with Registry(database).cursor() as cr:
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["clinic.appointment"].book(vals)
    env.flush_all()
    print("written", flush=True)
    sys.stdin.read()
"""


@tagged("post_install", "-at_install")
class TestCrash(ParallelCase):
    def test_a_killed_worker_leaves_nothing_and_the_hour_is_free_at_once(self):
        vals = self.prepare()
        before = self.count_rows()
        worker = self.start_worker(vals)
        self.assertEqual(worker.stdout.readline(), "written\n")
        worker.kill()
        self.assertEqual(worker.wait(timeout=30), -9)
        # No waiting, no tidying up in between.
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            visit_id = env["clinic.appointment"].book(vals)
        after = self.count_rows()
        self.assertEqual(after["clinic_appointment"] - before["clinic_appointment"], 1)
        self.assertEqual(after["clinic_occupancy"] - before["clinic_occupancy"], 3)
        self.assertEqual(self.get_owners(), {visit_id})
        self.assert_no_overlap()

    def start_worker(self, vals):
        addons_path = ",".join(config["addons_path"])
        arguments = json.dumps([config["config"], addons_path, get_db_name(), vals])
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, arguments],
            env=os.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.addCleanup(worker.stdin.close)
        self.addCleanup(worker.stdout.close)
        self.addCleanup(worker.kill)
        return worker

    def count_rows(self):
        with self.registry.cursor() as cr:
            counts = {}
            for table in ("clinic_appointment", "clinic_occupancy", "clinic_message"):
                cr.execute(f"SELECT count(*) FROM {table}")
                [counts[table]] = cr.fetchone()
            return counts

    def get_owners(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT DISTINCT appointment_id FROM clinic_occupancy WHERE id > %s",
                [self.before["clinic_occupancy"]],
            )
            return {owner for (owner,) in cr.fetchall()}
