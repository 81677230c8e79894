from datetime import timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon


class CalendarCommon(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.doctor = new_test_user(
            cls.env, "doctor", groups="clinic_base.group_medical", tz=cls.tz
        )
        cls.secretary = new_test_user(cls.env, "secretary", groups="base.group_user")
        cls.specialist.user_id = cls.doctor
        cls.events = cls.env["calendar.event"].with_context(no_mail_to_attendees=True)

    def meet(self, hours="10:00-11:00", user=None, **vals):
        start, stop = (self.at(MONDAY, clock) for clock in hours.split("-"))
        event = self.events.with_user(user or self.doctor).create(
            {
                "name": "Board of physicians",
                "start": start,
                "stop": stop,
                "show_as": "busy",
                "partner_ids": [Command.set(self.doctor.partner_id.ids)],
                **vals,
            }
        )
        return event.sudo()

    def accept(self, event, state="accepted"):
        event.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.doctor.partner_id
        ).write({"state": state})

    def find_hours(self):
        return self.find(specialist_ids=[self.specialist.id], step=30)

    def get_meeting(self, event):
        return self.env["clinic.meeting"].search([("event_id", "=", event.id)])


@tagged("post_install", "-at_install")
class TestMeetings(CalendarCommon):
    def test_an_accepted_busy_meeting_takes_its_time(self):
        event = self.meet()
        self.assertEqual(self.find_hours(), ["09:00", "09:30", "11:00", "11:30"])
        row = self.env["clinic.occupancy"].search([("kind", "=", "meeting")])
        self.assertEqual(row.meeting_id.event_id, event.id)
        self.assertFalse(row.appointment_id)

    def test_an_invitation_takes_time_once_it_is_accepted(self):
        event = self.meet(user=self.secretary)
        self.assertIn("10:00", self.find_hours())
        self.accept(event)
        self.assertNotIn("10:00", self.find_hours())
        self.accept(event, "declined")
        self.assertIn("10:00", self.find_hours())

    def test_a_meeting_that_is_free_or_of_others_takes_nothing(self):
        self.meet(show_as="free")
        self.meet(
            user=self.secretary,
            partner_ids=[Command.set(self.secretary.partner_id.ids)],
        )
        self.assertIn("10:00", self.find_hours())

    def test_a_meeting_that_moves_or_goes_gives_its_time_back(self):
        event = self.meet()
        event.write(
            {"start": self.at(MONDAY, "11:00"), "stop": self.at(MONDAY, "12:00")}
        )
        self.assertEqual(self.find_hours(), ["09:00", "09:30", "10:00", "10:30"])
        event.active = False
        self.assertIn("11:00", self.find_hours())
        event.active = True
        self.assertNotIn("11:00", self.find_hours())
        event.unlink()
        self.assertIn("11:00", self.find_hours())

    def test_a_meeting_over_a_visit_is_saved_and_reported(self):
        visit = self.book("10:00")
        meeting = self.get_meeting(self.meet())
        self.assertTrue(meeting.collides)
        self.assertEqual(meeting.visit_count, 1)
        self.assertNotIn("10:30", self.find_hours())
        registrar = new_test_user(self.env, "reg", groups="clinic_base.group_registrar")
        action = meeting.with_user(registrar).action_open_visits()
        found = self.visits.with_user(registrar).search(action["domain"])
        self.assertEqual(found, visit)

    def test_a_meeting_takes_what_a_visit_gives_back(self):
        visit = self.book("10:00")
        meeting = self.get_meeting(self.meet())
        visit.reschedule(self.at(MONDAY, "09:00"))
        self.assertFalse(meeting.collides)
        self.assertEqual(self.find_hours(), ["09:30", "11:00", "11:30"])
        other = self.book("11:00", patient=self.other_patient)
        later = self.get_meeting(self.meet("11:00-12:00"))
        other.cancel(self.reason.id)
        self.assertFalse(later.collides)
        self.assertEqual(self.find_hours(), ["09:30"])

    def test_meetings_may_overlap_each_other(self):
        first, second = self.meet(), self.meet("10:30-11:30")
        first.unlink()
        self.assertEqual(self.find_hours(), ["09:00", "09:30", "10:00", "11:30"])
        self.assertFalse(self.get_meeting(second).collides)

    def test_a_meeting_of_whole_days_takes_the_specialists_day(self):
        self.meet(allday=True, start_date=MONDAY, stop_date=MONDAY)
        self.assertEqual(self.find_hours(), [])
        [meeting] = self.env["clinic.meeting"].search([])
        self.assertEqual(meeting.start, self.at(MONDAY, "00:00"))
        self.assertEqual(meeting.stop, self.at(MONDAY + timedelta(days=1), "00:00"))

    def test_every_meeting_of_a_recurrence_takes_its_time(self):
        self.meet(
            recurrency=True,
            rrule_type="weekly",
            interval=1,
            end_type="count",
            count=3,
            mon=True,
            event_tz=self.tz,
        )
        self.assertEqual(self.env["clinic.meeting"].search_count([]), 3)

    def test_the_job_catches_up_with_the_calendar(self):
        event = self.meet()
        self.env.cr.execute(
            "UPDATE calendar_event SET show_as = 'free' WHERE id = %s", [event.id]
        )
        self.env.invalidate_all()
        self.env["clinic.meeting"]._cron_sync()
        self.assertIn("10:00", self.find_hours())

    def test_reports_name_neither_subject_nor_patient(self):
        self.book("10:00")
        meeting = self.get_meeting(self.meet())
        self.assertNotIn("Board", meeting.display_name)
        self.assertNotIn("name", meeting._fields)


@tagged("post_install", "-at_install")
class TestCalendarBlocks(CalendarCommon):
    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_calendar.ir_cron_sync_calendar"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def get_events(self):
        return self.events.search([("user_id", "=", self.doctor.id)])

    def test_a_visit_is_a_private_busy_block_that_says_nothing(self):
        visit = self.book("10:00")
        self.assertFalse(self.get_events())
        self.run_job()
        event = self.get_events()
        self.assertEqual((event.start, event.stop), (visit.start, visit.stop))
        self.assertEqual((event.privacy, event.show_as), ("private", "busy"))
        self.assertEqual(event.name, "Visit")
        self.assertFalse(event.attendee_ids)
        for field in ("description", "location", "videocall_location", "res_model"):
            self.assertFalse(event[field], field)
        self.assertFalse(event.alarm_ids)
        self.assertEqual(event.partner_ids, self.doctor.partner_id)
        texts = " ".join(str(value) for value in event.read()[0].values())
        for secret in ("Ivanov", "Consultation", "North", "Room"):
            self.assertNotIn(secret, texts)

    def test_blocks_follow_visits(self):
        visit = self.book("10:00")
        self.run_job()
        visit.reschedule(self.at(MONDAY, "11:00"))
        self.run_job()
        self.assertEqual(self.get_events().start, visit.start)
        visit.cancel(self.reason.id)
        self.run_job()
        self.assertFalse(self.get_events())

    def test_a_block_that_was_changed_by_hand_is_put_right(self):
        visit = self.book("10:00")
        self.run_job()
        self.get_events().write(
            {"start": visit.stop, "stop": visit.stop + timedelta(1)}
        )
        self.run_job()
        self.assertEqual(self.get_events().start, visit.start)
        self.get_events().unlink()
        self.run_job()
        self.assertEqual(self.get_events().start, visit.start)

    def test_blocks_are_no_meetings(self):
        visit = self.book("10:00")
        self.run_job()
        self.get_events().write({"show_as": "busy", "start": visit.start})
        self.env["clinic.meeting"]._cron_sync()
        self.assertFalse(self.env["clinic.meeting"].search([]))

    def test_nothing_is_sent_and_nothing_is_done_twice(self):
        mails = self.env["mail.mail"].search_count([])
        self.book("10:00")
        self.run_job()
        event = self.get_events()
        self.run_job()
        self.assertEqual(self.get_events(), event)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_one_statement_finds_what_differs(self):
        for number, clock in enumerate(("09:00", "09:30", "10:00", "10:30")):
            self.book(clock, patient=self.create_patient(f"Patient {number}"))
        self.env.flush_all()
        with self.assertQueryCount(1):
            differences = self.env["clinic.calendar.block"]._get_differences()
        self.assertEqual(len(differences), 4)
