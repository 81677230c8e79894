from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_finance.tests.common import MONDAY

from .decisions import DecisionCommon

RUN = "odoo.addons.clinic_decision.models.clinic_decision_run"
ACTING = "odoo.addons.clinic_decision.models.clinic_decision_acting"


@tagged("post_install", "-at_install")
class TestRules(DecisionCommon):
    def test_a_rule_acts_when_its_time_has_come_and_only_once(self):
        rule = self.create_rule("remind", offset=20)
        visit = self.book("09:00")
        self.assertFalse(self.run_rules())
        with self.later(hours=6):
            log = self.run_rules()
            self.assertEqual((log.rule_id, log.outcome), (rule, "done"))
            self.assertEqual(log.facts["unpaid"], 3000)
            self.assertFalse(self.run_rules())
        message = self.env["clinic.message"].search([("purpose", "=", "debt")])
        self.assertEqual(message.appointment_id, visit)

    def test_after_the_server_was_down_it_is_made_up_for_once(self):
        self.create_rule("remind", trigger="daily", daily_hour=9, days_ahead=30)
        start = self.at(MONDAY + timedelta(days=7), "09:00")
        self.create_shift(room_id=self.room.id, day=MONDAY + timedelta(days=7))
        self.book(start=start.strftime("%Y-%m-%d %H:%M:%S"))
        with self.later(days=3):
            self.assertEqual(len(self.run_rules()), 1)
            self.assertFalse(self.run_rules())

    def test_what_is_over_is_not_acted_upon(self):
        self.create_rule("cancel", offset=2)
        self.book("09:00")
        with self.at_moment(self.at(MONDAY, "09:10")):
            self.assertFalse(self.run_rules())

    def test_who_books_late_is_looked_at_when_booked(self):
        self.create_rule("remind", offset=3, offset_unit="days")
        with self.later(hours=1):
            self.book("09:00")
            self.assertEqual(len(self.run_rules()), 1)

    def test_a_moved_visit_is_looked_at_again(self):
        self.create_rule("remind", trigger="visit_moved")
        visit = self.book("09:00")
        with self.later(hours=1):
            self.assertFalse(self.run_rules())
            visit.reschedule(self.at(MONDAY, "10:00").strftime("%Y-%m-%d %H:%M:%S"))
        with self.later(hours=2):
            self.assertEqual(len(self.run_rules()), 1)

    def test_the_condition_decides(self):
        self.create_rule("block", trigger="visit_booked", domain="[('debt','>',500)]")
        self.owe(1000)
        with self.later(hours=1):
            self.book("09:00")
            self.book("10:00", patient=self.other_patient)
            log = self.run_rules()
        self.assertEqual(log.patient_id, self.patient)
        self.assertEqual(log.block_id.payer_id, self.patient.partner_id)

    def test_rules_are_asked_in_their_order_and_one_may_stop(self):
        last = self.create_rule("remind", trigger="visit_booked", sequence=30)
        self.create_rule(
            {"kind": "notify"}, trigger="visit_booked", sequence=20, stops=True
        )
        first = self.create_rule("remind", trigger="visit_booked", sequence=10)
        with self.later(hours=1):
            self.book("09:00")
            logs = self.run_rules()
        self.assertEqual(logs.mapped("kind"), ["remind", "notify"])
        self.assertIn(first, logs.rule_id)
        self.assertNotIn(last, logs.rule_id)

    def test_exempt_patients_and_categories_are_never_touched(self):
        self.create_rule("remind", trigger="visit_booked")
        staff = self.env["clinic.patient.category"].create({"name": "Staff"})
        self.other_patient.category_id = staff
        self.env["clinic.decision.exemption"].create(
            [
                {"patient_id": self.patient.id, "reason": "Partner"},
                {"category_id": staff.id, "reason": "Staff", "date_to": MONDAY},
            ]
        )
        with self.later(hours=1):
            self.book("09:00")
            self.book("10:00", patient=self.other_patient)
            self.assertFalse(self.run_rules())

    def test_an_exception_ends_with_its_day(self):
        self.create_rule("remind", trigger="visit_booked")
        self.env["clinic.decision.exemption"].create(
            {
                "patient_id": self.patient.id,
                "reason": "Partner",
                "date_to": MONDAY - timedelta(days=2),
            }
        )
        with self.later(hours=1):
            self.book("09:00")
            self.assertEqual(len(self.run_rules()), 1)

    def test_a_rule_keeps_to_its_branches_and_days(self):
        other = self.create_branch("South", "Asia/Yekaterinburg")
        self.create_rule("remind", trigger="visit_booked", branch_ids=other.ids)
        self.create_rule("remind", trigger="visit_booked", date_from=MONDAY)
        self.create_rule(
            "remind", trigger="visit_booked", date_to=MONDAY - timedelta(days=2)
        )
        with self.later(hours=1):
            self.book("09:00")
            self.assertFalse(self.run_rules())

    def test_every_day_is_at_the_hour_of_the_branch(self):
        # It is nine in Yekaterinburg at seven in Moscow, four in UTC.
        self.branch.tz = "Asia/Yekaterinburg"
        self.create_rule("remind", trigger="daily", daily_hour=12)
        self.book(start=self.at(MONDAY, "09:00").strftime("%Y-%m-%d %H:%M:%S"))
        with self.at_moment(self.at(MONDAY, "00:00") - timedelta(hours=14, minutes=1)):
            # Sunday, 11:59 in the branch.
            self.assertFalse(self.run_rules())
        with self.at_moment(self.at(MONDAY, "00:00") - timedelta(hours=13)):
            self.assertEqual(len(self.run_rules()), 1)

    def test_cancelling_gives_the_time_back_with_its_reason(self):
        self.create_rule("cancel", trigger="visit_booked")
        with self.later(hours=1):
            visit = self.book("09:00")
            self.run_rules()
        self.assertEqual(
            (visit.state, visit.cancel_reason_id), ("cancelled", self.reason)
        )
        self.assertIn("09:00", self.find())

    def test_a_promise_holds_off_blocks_and_a_broken_one_is_an_event(self):
        self.owe(1000, days=5)
        promise = self.env["clinic.payment.promise"].create(
            {
                "payer_id": self.patient.partner_id.id,
                "amount": 1000,
                "date": MONDAY - timedelta(days=1),
            }
        )
        blocking = self.create_rule("block", trigger="visit_booked")
        self.create_rule("remind", trigger="promise_broken")
        with self.later(hours=1):
            self.book("10:00", start=str(self.at(MONDAY, "11:00")))
            log = self.run_rules()
            self.assertEqual(
                (log.rule_id, log.outcome, log.skip_reason),
                (blocking, "skipped", "promise"),
            )
        with self.at_moment(self.at(MONDAY, "08:00")):
            self.env["clinic.payment.promise"]._close_due()
            self.assertEqual(promise.state, "broken")
        with self.at_moment(self.at(MONDAY, "08:30")):
            self.assertEqual(self.run_rules().kind, "remind")

    def test_a_kept_promise_is_no_event(self):
        promise = self.env["clinic.payment.promise"].create(
            {"payer_id": self.patient.partner_id.id, "amount": 1, "date": MONDAY}
        )
        with self.later(days=3):
            self.env["clinic.payment.promise"]._close_due()
        self.assertEqual(promise.state, "kept")

    @mute_logger(ACTING)
    def test_one_bad_visit_stops_no_other(self):
        self.create_rule("prepay", trigger="visit_booked")
        with self.later(hours=1):
            bad = self.book("09:00")
            self.book("10:00", patient=self.other_patient)
            demand = type(self.visits)._demand_prepayment

            def fail(visits, due=None):
                if bad in visits:
                    raise ValueError("Ivan Ivanov has no account")
                return demand(visits, due)

            with patch.object(type(self.visits), "_demand_prepayment", fail):
                logs = self.run_rules()
        self.assertEqual(
            {log.patient_id: log.outcome for log in logs},
            {self.patient: "failed", self.other_patient: "done"},
        )
        self.assertEqual(
            logs.filtered("error").error, "ValueError", "no names in errors"
        )

    def test_a_pass_that_was_cut_short_goes_on_to_the_same_moment(self):
        self.create_rule("remind", trigger="visit_booked")
        with self.later(hours=1):
            self.book("09:00")
            self.book("10:00", patient=self.other_patient)
            with (
                patch(f"{RUN}.BATCH", 1),
                patch.object(
                    type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 0
                ),
            ):
                self.rules._cron_decide()
            self.assertEqual(self.logs.search_count([("kind", "=", "remind")]), 1)
        with self.later(hours=2):
            self.run_rules()
        logs = self.logs.search([("kind", "=", "remind")])
        self.assertEqual(logs.patient_id, self.patient | self.other_patient)
        self.assertEqual(len(logs), 2)

    def test_statements_do_not_grow_with_visits(self):
        self.create_rule("remind", "task", "block", trigger="visit_booked")
        visits = []
        with self.later(hours=1):
            for number, clock in enumerate(
                ("09:00", "09:30", "10:00", "10:30", "11:00")
            ):
                patient = self.create_patient(f"Patient {number}")
                visits.append(self.book(clock, patient=patient).id)
            met = self.rules._find_met(self.env["clinic.decision.pass"]._get_open())

            def count(some):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                logs = self.rules._log_decisions(met, some)
                logs._act()
                self.env.flush_all()
                self.assertEqual(len(logs), 3 * len(some))
                return self.env.cr.sql_log_count - before

            count(visits[:1])
            one = count(visits[1:2])
            self.assertLessEqual(count(visits[2:]), one)

    # === SWITCHING === #

    def test_an_untried_rule_asks_to_be_tried_first(self):
        rule = self.create_rule("remind").copy()
        self.assertFalse(rule.is_on)
        self.assertEqual(rule.action_switch_on()["res_model"], "clinic.decision.trial")
        self.assertFalse(rule.is_on)
        rule.action_switch_on_untried()
        self.assertTrue(rule.is_on)

    def test_a_rule_that_acts_is_not_changed(self):
        rule = self.create_rule("remind")
        for change in (
            lambda: rule.write({"domain": "[('debt', '>', 1)]"}),
            lambda: rule.action_ids.write({"kind": "cancel"}),
        ):
            with self.assertRaises(UserError):
                change()
        rule.write({"name": "Renamed"})

    def test_a_change_makes_a_rule_untried(self):
        rule = self.create_rule("remind")
        rule.action_switch_off()
        rule.tried_on = self.env.cr.now()
        rule.domain = "[('debt', '>', 1)]"
        self.assertFalse(rule.tried_on)

    def test_a_condition_that_cannot_be_read_is_refused(self):
        for domain in ("[('diagnosis', '=', 1)]", "[('debt'", "__import__('os')"):
            with self.assertRaises(ValidationError):
                self.create_rule("remind", domain=domain)

    def test_a_rule_without_details_is_not_switched_on(self):
        rule = self.rules.create({"name": "Empty"})
        with self.assertRaises(UserError):
            rule.action_switch_on_untried()

    # === OVERRIDE === #

    def test_an_override_lifts_the_block_and_keeps_the_reason(self):
        self.create_rule("block", trigger="visit_booked")
        self.owe(1000)
        with self.later(hours=1):
            self.book("09:00")
            log = self.run_rules()
            log.with_user(self.manager).override("A mistake of the bank")
        self.assertEqual(log.outcome, "overridden")
        self.assertEqual(log.overridden_by_id, self.manager)
        self.assertTrue(log.block_id.lifted_on)

    def test_an_override_withdraws_a_message_that_waits(self):
        self.create_rule("remind", trigger="visit_booked")
        with self.later(hours=1):
            self.book("09:00")
            log = self.run_rules()
            log.with_user(self.manager).override("Paid in cash")
        message = self.env["clinic.message"].search([("purpose", "=", "debt")])
        self.assertEqual(message.state, "cancelled")

    def test_an_override_says_why(self):
        with self.assertRaises(UserError):
            self.logs.with_user(self.manager).override(" ")

    def test_tasks_and_notices_name_nobody(self):
        self.create_rule("task", "notify", trigger="visit_booked")
        with self.later(hours=1):
            self.book("09:00")
            self.run_rules()
        task = self.env["mail.activity"].search([("user_id", "=", self.manager.id)])
        notice = self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.manager.partner_id.ids)]
        )
        self.assertEqual((len(task), len(notice)), (1, 1))
        told = f"{task.summary} {task.note} {notice.subject} {notice.body}"
        self.assertNotIn("Ivan", told)
        self.assertIn("/odoo/clinic-decisions/", task.note)

    # === TASKS TO A ROLE === #

    def create_role_rule(self, **vals):
        role = self.env.ref("clinic_base.group_registrar")
        task = {"kind": "task", "role_id": role.id, "user_id": False, **vals}
        return self.create_rule(task, trigger="visit_booked")

    def create_member(self, login, branch):
        return new_test_user(
            self.env,
            login,
            groups="clinic_base.group_registrar",
            clinic_branch_ids=[Command.set(branch.ids)],
        )

    def decide_booking(self):
        with self.later(hours=1):
            self.book("09:00")
            self.book("10:00", patient=self.other_patient)
            return self.run_rules()

    def test_a_task_for_a_role_goes_round_those_of_the_branch(self):
        elsewhere = self.create_branch("South", self.tz)
        self.create_member("south", elsewhere)
        here = self.create_member("one", self.branch)
        here |= self.create_member("two", self.branch)
        self.create_role_rule()
        logs = self.decide_booking()
        self.assertEqual(logs.user_id, here)
        tasks = self.env["mail.activity"].search([("user_id", "in", here.ids)])
        self.assertEqual(tasks.user_id, here)
        # A registrar reads visits and no decisions.
        self.assertIn("/odoo/clinic-visits/", tasks[0].note)
        self.assertNotIn("Ivan", tasks[0].note)

    def test_without_anybody_of_the_role_the_task_is_the_persons(self):
        self.registrar.active = False
        self.create_role_rule(user_id=self.manager.id)
        self.assertEqual(self.decide_booking().user_id, self.manager)

    def test_a_task_that_nobody_can_get_says_so(self):
        self.registrar.clinic_branch_ids = self.create_branch("South", self.tz)
        self.create_role_rule()
        logs = self.decide_booking()
        self.assertEqual(set(logs.mapped("outcome")), {"skipped"})
        self.assertEqual(set(logs.mapped("skip_reason")), {"nobody"})
        self.assertFalse(logs.user_id)

    def test_a_task_needs_a_role_or_a_person(self):
        with self.assertRaises(UserError):
            self.create_role_rule(role_id=False)
