import re
from datetime import timedelta, timezone

import vobject

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestFeed(ScheduleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.doctor = new_test_user(
            cls.env, "doctor", groups="clinic_base.group_medical"
        )
        cls.specialist.user_id = cls.doctor

    def get_address(self):
        action = self.specialist.with_user(self.doctor).action_renew_feed()
        return re.search(r"/clinic/ics/.*", action["context"]["default_address"])[0]

    def read(self, address, **headers):
        return self.url_open(address, headers=headers)

    def read_events(self, address):
        calendar = vobject.readOne(self.read(address).text)
        return calendar.contents.get("vevent", [])

    def test_the_address_gives_the_own_visits_and_names_nobody(self):
        visit = self.book("09:00")
        self.book("09:00", patient=self.other_patient, specialist=self.colleague())
        response = self.read(self.get_address())
        self.assertEqual(response.status_code, 200)
        self.assertIn("text/calendar", response.headers["Content-Type"])
        [event] = vobject.readOne(response.text).vevent_list
        start = visit.start.replace(tzinfo=timezone.utc)
        self.assertEqual(event.dtstart.value, start)
        self.assertEqual(event.dtend.value - event.dtstart.value, timedelta(minutes=30))
        self.assertIn("DTSTART:20260302T060000Z", response.text)
        self.assertEqual(event.summary.value, "Visit")
        for secret in ("Ivan", "Consultation", "North", "Room"):
            self.assertNotIn(secret, response.text)

    def colleague(self):
        self.create_shift(self.other_specialist)
        return self.other_specialist

    def test_initials_are_shown_where_the_clinic_allows_it(self):
        self.book("09:00")
        self.specialist.feed_initials = True
        [event] = self.read_events(self.get_address())
        self.assertEqual(event.summary.value, "I. I.")

    def test_cancelled_visits_disappear_and_moved_ones_move(self):
        visit, other = (
            self.book("09:00"),
            self.book("10:00", patient=self.other_patient),
        )
        address = self.get_address()
        self.assertEqual(len(self.read_events(address)), 2)
        visit.cancel(self.reason.id)
        other.reschedule(self.at(MONDAY, "11:00"))
        [event] = self.read_events(address)
        self.assertEqual(event.dtstart.value.hour, 8)

    def test_what_has_not_changed_is_not_sent_again(self):
        self.book("09:00")
        address = self.get_address()
        tag = self.read(address).headers["ETag"]
        self.assertEqual(self.read(address, **{"If-None-Match": tag}).status_code, 304)
        self.book("10:00", patient=self.other_patient)
        self.assertEqual(self.read(address, **{"If-None-Match": tag}).status_code, 200)

    def test_renewed_and_withdrawn_addresses_are_dead(self):
        first = self.get_address()
        second = self.get_address()
        self.assertEqual(self.read(first).status_code, 404)
        self.assertEqual(self.read(second).status_code, 200)
        self.specialist.with_user(self.doctor).action_revoke_feed()
        self.assertEqual(self.read(second).status_code, 404)
        self.assertEqual(self.read("/clinic/ics/guess.ics").status_code, 404)

    def test_the_secret_is_kept_nowhere(self):
        token = self.get_address().split("/")[-1].removesuffix(".ics")
        self.assertGreaterEqual(len(token), 43)
        feed = self.env["clinic.calendar.feed"].search([])
        self.env.cr.execute("SELECT * FROM clinic_calendar_feed")
        self.assertNotIn(token, str(self.env.cr.fetchall()))
        admin = new_test_user(self.env, "adm", groups="clinic_base.group_clinic_admin")
        with self.assertRaises(AccessError):
            feed.with_user(admin).read(["token_hash"])
        with self.assertRaises(AccessError):
            feed.with_user(admin).read(["token_seed"])

    def test_a_leaver_loses_the_address(self):
        employee = self.env["hr.employee"].create(
            {"name": "Orlova", "clinic_specialist_id": self.specialist.id}
        )
        address = self.get_address()
        self.assertEqual(self.read(address).status_code, 200)
        yesterday = fields.Date.today() - timedelta(days=2)
        self.specialist.flush_recordset()
        for leave in (
            lambda: self.specialist.archive_with_reason("Left"),
            lambda: self.doctor.write({"active": False}),
            lambda: employee.write({"active": False}),
            lambda: employee.write({"departure_date": yesterday}),
            lambda: self.specialist.write({"user_id": False}),
        ):
            with self.subTest(leave), self.env.cr.savepoint() as savepoint:
                leave()
                self.env.flush_all()
                self.assertEqual(self.read(address).status_code, 404)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(self.read(address).status_code, 200)

    def test_a_manager_withdraws_the_address(self):
        manager = new_test_user(
            self.env, "boss", groups="clinic_base.group_clinic_manager"
        )
        address = self.get_address()
        self.specialist.with_user(manager).action_revoke_feed()
        self.assertEqual(self.read(address).status_code, 404)

    def test_nobody_else_makes_the_address(self):
        manager = new_test_user(
            self.env, "boss", groups="clinic_base.group_clinic_manager"
        )
        with self.assertRaises(AccessError):
            self.specialist.with_user(manager).action_renew_feed()
        desk = new_test_user(
            self.env, "desk", groups="clinic_base.group_registrar_chief"
        )
        with self.assertRaises(AccessError):
            self.specialist.with_user(desk).action_revoke_feed()
