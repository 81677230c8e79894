from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase


@tagged("-at_install", "post_install")
class TestTwoRuns(ParallelCase):
    """Two real transactions decide about the same visit."""

    tables = (
        "clinic_message",
        "clinic_decision_log",
        "clinic_decision_action",
        "clinic_decision_rule",
    )

    def decide(self, env):
        rule = env["clinic.decision.rule"].browse(self.rule)
        logs = rule._log_decisions({rule: {self.visit: "booked"}}, [self.visit])
        logs._act()
        return logs

    def test_each_action_is_done_once(self):
        with self.open() as env:
            rule = env["clinic.decision.rule"].create(
                {
                    "name": "Race",
                    "trigger": "visit_booked",
                    "action_ids": [Command.create({"kind": "remind"})],
                }
            )
            rule._switch_on()
            self.rule = rule.id
            self.visit = env["clinic.appointment"].book(self.prepare())
        with self.open() as first, self.open() as second:
            # Both look before either has written.
            for env in (first, second):
                env.cr.execute("SELECT count(*) FROM clinic_decision_log")
            self.assertEqual(len(self.decide(first)), 1)
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.decide(second)
            second.cr.rollback()
            self.assertFalse(self.decide(second))
        with self.open() as env:
            domain = [("appointment_id", "=", self.visit)]
            self.assertEqual(env["clinic.decision.log"].search_count(domain), 1)
            domain.append(("purpose", "=", "debt"))
            self.assertEqual(env["clinic.message"].search_count(domain), 1)
