from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_finance.tests.common import MONDAY

from .decisions import DecisionCommon

RULES = "odoo.addons.base.models.ir_rule"
WATCHED = (
    "clinic_appointment",
    "clinic_decision_log",
    "clinic_decision_pass",
    "clinic_financial_block",
    "clinic_message",
    "mail_activity",
    "mail_message",
)


@tagged("post_install", "-at_install")
class TestTrial(DecisionCommon):
    def try_on(self, rule, **days):
        trial = (
            self.env["clinic.decision.trial"]
            .with_user(self.manager)
            .create({"rule_id": rule.id, **days})
        )
        trial.action_try()
        return trial

    def take_picture(self):
        self.env.flush_all()
        picture = {}
        for table in WATCHED:
            self.env.cr.execute(f"SELECT count(*), max(write_date) FROM {table}")
            picture[table] = self.env.cr.fetchone()
        return picture

    def test_it_tells_what_would_have_been_cancelled_and_changes_nothing(self):
        rule = self.create_rule("cancel", "remind", trigger="visit_booked")
        rule.action_switch_off()
        visit = self.book("09:00")
        self.book("10:00", patient=self.other_patient)
        with self.later(hours=1):
            before = self.take_picture()
            trial = self.try_on(rule)
            self.assertEqual(self.take_picture(), before)
        self.assertEqual(
            {one.kind: one.count for one in trial.count_ids},
            {"cancel": 2, "remind": 2},
        )
        self.assertIn(visit, trial.line_ids.appointment_id)
        self.assertEqual(trial.found, 4)
        self.assertTrue(rule.tried_on)
        self.assertFalse(rule.is_on)

    def test_another_companys_visit_is_not_named_to_be_read(self):
        """A dialog's other fields would tell of what it names."""
        visit = self.book("09:00")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="clinic_base.group_finance_manager,clinic_base.group_registrar",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        env = self.env(user=stranger.id)
        rule = env["clinic.decision.rule"].create({"name": "Elsewhere"})
        trial = env["clinic.decision.trial"].create({"rule_id": rule.id})
        with self.assertRaises(AccessError), mute_logger(RULES):
            env["clinic.decision.trial.line"].create(
                {"trial_id": trial.id, "appointment_id": visit.id}
            )
        with self.assertRaises(AccessError), mute_logger(RULES):
            trial.rule_id = self.create_rule("remind", trigger="visit_booked")

    def test_what_was_found_goes_with_the_company_switch(self):
        rule = self.create_rule("remind", trigger="visit_booked")
        rule.action_switch_off()
        self.book("09:00")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        with self.later(hours=1):
            lines = self.try_on(rule).line_ids
        self.manager.company_ids += elsewhere
        there = lines.with_context(allowed_company_ids=elsewhere.ids)
        self.assertTrue(lines.search([("id", "in", lines.ids)]))
        self.assertFalse(there.search([("id", "in", lines.ids)]))

    def test_it_finds_what_the_run_does(self):
        self.owe(800, days=3)
        rules = [
            self.create_rule("remind", trigger="visit_booked", sequence=10),
            self.create_rule(
                "block",
                "remind",
                trigger="visit_booked",
                sequence=20,
                domain="[('debt', '>', 0)]",
                stops=True,
            ),
            self.create_rule("notify", offset=48, sequence=30),
        ]
        with self.later(hours=1):
            self.book("09:00")
            self.book("10:00", patient=self.other_patient)
            since = self.env.cr.now() - timedelta(hours=1)
            until = self.env.cr.now()
            tried = {
                (rule.id, fact["appointment_id"], decision.kind)
                for rule in rules
                for decision, fact in rule._try_on(since, until)
            }
            done = {
                (log.rule_id.id, log.appointment_id.id, log.kind)
                for log in self.run_rules()
            }
        self.assertEqual(tried, done)
        self.assertEqual(len(done), 4)

    def test_debts_are_those_of_the_moment(self):
        rule = self.create_rule(
            "remind", trigger="visit_booked", domain="[('debt', '>', 0)]"
        )
        self.book("09:00")
        with self.later(days=1):
            self.owe(1000)
            self.assertFalse(self.try_on(rule).found)

    def test_a_visit_cancelled_since_was_still_to_come_then(self):
        rule = self.create_rule("remind", offset=20)
        visit = self.book("09:00")
        with self.at_moment(self.at(MONDAY, "08:00")):
            visit.cancel(self.reason.id)
        with self.at_moment(self.at(MONDAY, "12:00")):
            self.assertEqual(self.try_on(rule).found, 1)

    def test_a_daily_rule_is_tried_on_every_day(self):
        day = MONDAY + timedelta(days=3)
        self.create_shift(room_id=self.room.id, day=day)
        rule = self.create_rule("remind", trigger="daily", daily_hour=10)
        self.book(start=self.at(day, "09:00").strftime("%Y-%m-%d %H:%M:%S"))
        with self.at_moment(self.at(day, "12:00")):
            # Sunday to Wednesday at ten; on Thursday the visit is over by then.
            self.assertEqual(self.try_on(rule).found, 4)
