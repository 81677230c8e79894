"""The screen in the hall: what strangers see, and what they never see."""

import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import MONDAY
from .test_day import DayCommon


@tagged("post_install", "-at_install")
class TestHallScreen(DayCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.chief = new_test_user(
            self.env, "hall_chief", "clinic_base.group_registrar_chief"
        )
        self.screen = self.create_screen()
        self.visit.action_arrive()

    def create_screen(self, user=None, **vals):
        screens = self.env["clinic.hall.screen"].with_user(user or self.chief)
        return screens.create({"branch_id": self.branch.id, "lang": "en_US", **vals})

    def read(self, path="", screen=None, **headers):
        address = re.search(r"/clinic/hall/.*", (screen or self.screen).address)[0]
        return self.url_open(address + path, headers=headers)

    def get_places(self, screen=None):
        self.env.invalidate_all()
        return {
            place.name: place for place in (screen or self.screen).sudo()._get_queue()
        }

    def test_no_name_no_phone_no_service_is_in_the_page(self):
        self.other_visit.action_arrive()
        self.other_visit.action_start()
        for path in ("", "/queue"):
            text = self.read(path).text
            self.assertIn("I. I.", text)
            self.assertIn(self.patient.card_number, text)
            self.assertIn("Room 1", text)
            secrets = (
                *(self.patient.name.split() + self.other_patient.name.split()),
                *("9161234567", "1234567", "Consultation", "Anna", "Orlova", "10:00"),
            )
            for secret in secrets:
                with self.subTest(path=path, secret=secret):
                    self.assertNotIn(secret, text)

    def test_who_is_called_stands_out_until_the_visit_begins(self):
        place = self.get_places()["Room 1"]
        self.assertEqual((place.called, len(place.waiting)), ((), 1))
        self.visit.action_call()
        place = self.get_places()["Room 1"]
        self.assertEqual(place.called[0].initials, "I. I.")
        self.assertFalse(place.waiting)
        self.assertIn("Please come in", self.read("/queue").text)
        self.visit.action_start()
        place = self.get_places()["Room 1"]
        self.assertEqual((place.called, len(place.inside)), ((), 1))
        self.visit.action_done()
        self.assertFalse(self.get_places())

    def test_a_screen_of_a_department_shows_its_rooms_alone(self):
        self.other_visit.action_arrive()
        screen = self.create_screen(department_id=self.other_room.department_id.id)
        self.assertEqual(list(self.get_places(screen)), ["Room 2"])
        self.assertEqual(set(self.get_places()), {"Room 1", "Room 2"})

    def test_an_unchanged_queue_is_answered_without_a_body(self):
        first = self.read("/queue")
        again = self.read("/queue", **{"If-None-Match": first.headers["ETag"]})
        self.assertEqual((again.status_code, again.text), (304, ""))
        self.visit.action_call()
        changed = self.read("/queue", **{"If-None-Match": first.headers["ETag"]})
        self.assertEqual(changed.status_code, 200)

    def test_the_page_sets_no_cookie_and_is_not_for_search_engines(self):
        answer = self.read()
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertIn("noindex", answer.headers["X-Robots-Tag"])
        self.assertIn("noindex", answer.text)
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_a_withdrawn_or_exchanged_address_shows_nothing(self):
        old = re.search(r"/clinic/hall/.*", self.screen.address)[0]
        self.screen.action_renew()
        self.assertEqual(self.url_open(old).status_code, 404)
        self.assertEqual(self.read().status_code, 200)
        self.screen.action_revoke()
        for path in ("", "/queue"):
            self.assertEqual(self.read(path).status_code, 404)

    def test_only_chiefs_of_the_desk_and_managers_have_addresses(self):
        manager = new_test_user(
            self.env, "hall_manager", "clinic_base.group_clinic_manager"
        )
        self.create_screen(manager).action_revoke()
        for user in (self.registrar, self.doctor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.create_screen(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.screen.with_user(user).read(["address"])

    def test_yesterdays_leftovers_do_not_wait_today(self):
        self.freeze(self.at(MONDAY, "33:00"), self.addCleanup)
        self.assertFalse(self.get_places())

    def test_the_page_speaks_the_language_of_its_screen(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["ir.module.module"].search(
            [("name", "=", "clinic_schedule")]
        )._update_translations(["ru_RU"])
        screen = self.create_screen(lang="ru_RU", theme="light")
        self.visit.action_call()
        page = self.read(screen=screen).text
        self.assertIn("Проходите", page)
        self.assertIn('lang="ru"', page)
        self.assertIn("theme-light", page)

    def test_queries_stay_constant_as_the_hall_fills(self):
        self.get_places()
        before = self.count_own_statements(self.get_places)
        for clock in ("10:30", "11:00", "11:30"):
            patient = self.create_patient(f"{clock} Somebody")
            self.book(clock, patient=patient).action_arrive()
        self.env.flush_all()
        self.assertEqual(self.count_own_statements(self.get_places), before)
