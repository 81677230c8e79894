"""Workers that are killed or race: no message goes out twice, none is lost."""

import json
import os
import subprocess
import sys

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from odoo.addons.clinic_base.tests.parallel import CommittedCase

from .fake_smsc import FakeSmsc

WORKER = """
import json, sys
import odoo.modules.module
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config
config_file, addons_path, database = json.loads(sys.argv[1])
config.parse_config(["--config", config_file, "--addons-path", addons_path])
with Registry(database).cursor() as cr:
    api.Environment(cr, SUPERUSER_ID, {})["clinic.message"]._process_outbox()
"""
COUNT = 100


@tagged("post_install", "-at_install")
class TestOutboxCrash(CommittedCase):
    tables = ("clinic_message", "clinic_branch")

    @classmethod
    def create_data(cls, env):
        cls.branch = env["clinic.branch"].create({"name": "Race"}).id

    def setUp(self):
        super().setUp()
        self.fake = FakeSmsc()
        self.addCleanup(self.fake.close)
        self.fake.balance = 1e6
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            branch = env["clinic.branch"].browse(self.branch)
            self.night = branch.company_id.read(
                ["clinic_quiet_from", "clinic_quiet_to"]
            )
            branch.company_id.write({"clinic_quiet_from": 9, "clinic_quiet_to": 9})
            self.account = (
                env["clinic.sms.account"]
                .create(
                    {
                        "name": "Race",
                        "provider": "smsc",
                        "company_id": branch.company_id.id,
                        "login": "clinic",
                        "secret": "open sesame",
                        "url": self.fake.url,
                    }
                )
                .id
            )
            env["clinic.message"]._enqueue(
                "other",
                [
                    {
                        "key": f"race:{self.id()}:{number}",
                        "channel": "sms",
                        "recipient": f"+7916{number:07}",
                        "body": "Race",
                        "branch_id": self.branch,
                    }
                    for number in range(COUNT)
                ],
            )
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM clinic_message WHERE id > %s",
                [self.before["clinic_message"]],
            )
            cr.execute("DELETE FROM clinic_sms_account WHERE id = %s", [self.account])
            companies = api.Environment(cr, SUPERUSER_ID, {})["res.company"]
            [night] = self.night
            companies.browse(night.pop("id")).write(night)

    def start_worker(self):
        addons_path = ",".join(config["addons_path"])
        arguments = json.dumps([config["config"], addons_path, get_db_name()])
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, arguments],
            env=os.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(worker.kill)
        return worker

    def count_states(self):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT state, count(*) FROM clinic_message"
                " WHERE key LIKE %s GROUP BY state",
                [f"race:{self.id()}:%"],
            )
            return dict(cr.fetchall())

    def send_the_rest(self):
        worker = self.start_worker()
        self.assertEqual(worker.wait(timeout=60), 0)

    def check_killed(self, answered):
        """Kill a worker at message 40, before or after the gateway has taken it."""
        self.fake.kill_at(40, worker := self.start_worker(), answered)
        self.assertEqual(worker.wait(timeout=60), -9)
        self.send_the_rest()
        states = self.count_states()
        self.assertEqual(sum(states.values()), COUNT)
        self.assertEqual(states.keys(), {"sent", "sending"})
        # All that was under way shows; it is never blindly sent again.
        self.assertLessEqual(states["sending"], 32)
        for sendings in self.fake.taken.values():
            self.assertEqual(len(sendings), 1)

    def test_killed_before_the_gateway_has_taken_the_message(self):
        self.check_killed(answered=False)

    def test_killed_after_the_gateway_has_taken_the_message(self):
        self.check_killed(answered=True)

    def test_two_workers_on_one_queue_send_each_message_once(self):
        for worker in [self.start_worker(), self.start_worker()]:
            self.assertEqual(worker.wait(timeout=60), 0)
        self.assertEqual(self.count_states(), {"sent": COUNT})
        self.assertEqual(len(self.fake.taken), COUNT)
        for sendings in self.fake.taken.values():
            self.assertEqual(len(sendings), 1)
