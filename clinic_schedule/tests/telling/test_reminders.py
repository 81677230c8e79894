from datetime import timedelta

from odoo.tests import tagged

from ..common import MONDAY
from .common import VisitMessageCommon

SUNDAY = MONDAY - timedelta(days=1)
SATURDAY = MONDAY - timedelta(days=2)


@tagged("post_install", "-at_install")
class TestReminders(VisitMessageCommon):
    now = VisitMessageCommon.at(MONDAY - timedelta(days=5), "10:00")

    def setUp(self):
        super().setUp()
        self.visit = self.book("11:00")
        self.run_cron()

    def remind(self, visit=None):
        self.run_own_cron("remind")
        return self.get_message(visit or self.visit, "reminder")

    def test_the_day_before_at_the_set_hour_of_the_branch(self):
        self.travel(self.at(SUNDAY, "11:59"))
        self.assertFalse(self.remind())
        self.travel(self.at(SUNDAY, "12:00"))
        reminder = self.remind()
        self.assertEqual(len(reminder), 1)
        self.run_cron()
        self.assertEqual(reminder.state, "sent")
        self.assertIn("/clinic/visit/", reminder.body)

    def test_the_hour_is_that_of_each_branch(self):
        east = self.create_branch("East", "Asia/Vladivostok")
        self.create_room("East 1", east)
        self.create_shift(self.other_specialist, branch=east, hours="10:00-18:00")
        there = self.visits.browse(
            self.visits.book(
                {
                    "service_id": self.service.id,
                    "specialist_id": self.other_specialist.id,
                    "patient_id": self.other_patient.id,
                    "start": str(self.at(MONDAY, "15:00", east.tz)),
                }
            )
        )
        self.travel(self.at(SUNDAY, "12:00", east.tz))
        self.assertEqual(len(self.remind(there)), 1)
        self.assertFalse(self.remind())

    def test_nobody_is_reminded_twice(self):
        self.travel(self.at(SUNDAY, "12:00"))
        self.remind()
        self.travel(self.at(SUNDAY, "18:00"))
        self.assertEqual(len(self.remind()), 1)

    def test_what_to_prepare_is_in_the_same_message(self):
        self.service.preparation_text = "Bring your papers."
        self.travel(self.at(SUNDAY, "12:00"))
        self.assertFalse(self.remind())
        message = self.get_message(self.visit, "prepare")
        self.run_cron()
        self.assertIn("Bring your papers.", message.body)

    def test_who_has_just_booked_is_not_reminded(self):
        self.travel(self.at(SUNDAY, "10:00"))
        visit = self.book("09:30", patient=self.other_patient)
        self.travel(self.at(SUNDAY, "12:00"))
        self.assertFalse(self.remind(visit))

    def test_after_a_day_without_the_server_all_are_caught_up_once(self):
        self.travel(self.at(MONDAY, "08:00"))
        reminder = self.remind()
        self.assertEqual(len(reminder), 1)
        self.run_cron()
        self.assertEqual(reminder.state, "queued", "it is night still")
        self.travel(self.at(MONDAY, "09:00"))
        self.run_cron()
        self.assertEqual(reminder.state, "sent")
        self.assertEqual(len(self.remind()), 1)

    def test_nobody_is_reminded_too_late(self):
        self.travel(self.at(MONDAY, "10:00"))
        self.assertFalse(self.remind())

    def test_a_reminder_that_waited_too_long_is_dropped(self):
        self.travel(self.at(SUNDAY, "12:00"))
        reminder = self.remind()
        self.travel(self.at(MONDAY, "11:00"))
        self.run_cron()
        self.assertEqual((reminder.state, reminder.reason), ("cancelled", "late"))

    def test_a_reminder_of_a_moved_or_cancelled_visit_is_dropped(self):
        other = self.book("09:00", patient=self.other_patient)
        self.run_cron()
        self.travel(self.at(SUNDAY, "12:00"))
        moved, gone = self.remind(), self.remind(other)
        self.visit.reschedule(str(self.at(MONDAY, "10:00")))
        other.cancel(self.reason.id)
        self.run_cron()
        for reminder in (moved, gone):
            self.assertEqual(
                (reminder.state, reminder.reason), ("cancelled", "changed")
            )

    def test_a_patient_who_wants_no_messages_gets_no_reminder(self):
        self.patient.preferred_channel = "none"
        self.travel(self.at(SUNDAY, "12:00"))
        reminder = self.remind()
        self.run_cron()
        self.assertEqual((reminder.state, reminder.reason), ("cancelled", "unwanted"))

    def test_a_missed_visit_is_told_unless_it_was_a_mistake(self):
        self.travel(self.at(MONDAY, "11:30"))
        self.visit.action_no_show()
        missed = self.get_message(self.visit, "missed")
        self.run_cron()
        self.assertEqual(missed.state, "queued")
        self.visit.action_reverse()
        self.travel(self.at(MONDAY, "12:01"))
        self.run_cron()
        self.assertEqual((missed.state, missed.reason), ("cancelled", "changed"))

    def test_a_missed_visit_is_told(self):
        self.travel(self.at(MONDAY, "11:30"))
        self.visit.action_no_show()
        self.travel(self.at(MONDAY, "12:01"))
        self.run_cron()
        self.assertEqual(self.get_message(self.visit, "missed").state, "sent")

    def test_it_is_told_once_when_to_come_again(self):
        request = self.env["clinic.booking.request"].create(
            {
                "patient_id": self.patient.id,
                "service_id": self.service.id,
                "origin": "again",
                "due_from": MONDAY + timedelta(days=4),
                "due_to": MONDAY + timedelta(days=30),
                "branch_ids": self.branch.ids,
            }
        )
        key = [("key", "=", f"request:{request.id}:again")]
        self.run_own_cron("call_again")
        self.assertFalse(self.messages.search(key), "too early")
        self.travel(self.at(SUNDAY, "12:00"))
        self.run_own_cron("call_again")
        self.run_own_cron("call_again")
        told = self.messages.search(key)
        self.assertEqual(len(told), 1)
        self.run_cron()
        self.assertEqual(told.state, "sent")

    def test_many_visits_are_found_with_few_queries(self):
        more = [
            self.book(clock, patient=self.create_patient(f"Somebody at {clock}"))
            for clock in ("09:00", "09:30", "10:00", "10:30")
        ]
        self.travel(self.at(SUNDAY, "12:00"))
        self.visits._find_to_remind(self.branch)
        self.env.flush_all()
        with self.assertQueryCount(4):
            found = self.visits._find_to_remind(self.branch)
        self.assertEqual(len(found), 1 + len(more))
