"""Meetings and bookings as real transactions at the same time."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from odoo.addons.clinic_schedule.tests.engine.test_patience import PatienceCommon
from odoo.addons.clinic_schedule.tests.parallel import ParallelCase

TABLES = ("clinic_occupancy", "clinic_meeting", "calendar_attendee", "calendar_event")


@tagged("post_install", "-at_install")
class TestCalendarParallel(ParallelCase):
    tables = TABLES

    def test_a_meeting_is_saved_whoever_books_at_the_same_moment(self):
        specialist = self.specialists[5]
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            admin = env.ref("base.user_admin")
            env["clinic.specialist"].browse(specialist).user_id = admin

        def meet(env):
            quiet = {
                "no_mail_to_attendees": True,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "dont_notify": True,
            }
            events = env(user=admin.id)["calendar.event"].with_context(**quiet)
            return events.create(
                {
                    "name": "Race",
                    "start": self.start + timedelta(minutes=360),
                    "stop": self.start + timedelta(minutes=420),
                }
            ).id

        def book(number):
            vals = self.prepare(5, patient=number, minutes=360 + 10 * number)
            return lambda env: env["clinic.appointment"].book(vals)

        results = self.run_together([meet, *map(book, range(4))])
        self.assertIsInstance(results[0], int, results)
        self.assert_no_overlap()


@tagged("post_install", "-at_install")
class TestCalendarPatience(PatienceCommon):
    tables = TABLES

    def test_saving_a_meeting_waits_for_no_booking(self):
        with self.left_open(specialist=6, patient=6, minutes=30), self.open() as env:
            specialist = env["clinic.specialist"].browse(self.specialists[6])
            specialist.user_id = env.ref("base.user_root")
            start = self.start + timedelta(minutes=30)
            events = env["calendar.event"].with_context(no_mail_to_attendees=True)
            with self.answered_soon():
                events.create(
                    {"name": "Race", "start": start, "stop": start + timedelta(hours=1)}
                )
                env.flush_all()
            self.assert_patient_again(env)
            env.cr.rollback()
