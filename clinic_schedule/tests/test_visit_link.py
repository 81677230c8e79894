import re

from odoo.tests import HttpCase, tagged

from .common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestVisitLink(ScheduleCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.create_shift()
        self.visit = self.book("09:00")
        link = self.env["clinic.visit.link"]._get(self.visit)
        self.path = re.search(r"/clinic/visit/.*", link._get_address())[0]

    def answer(self, answer):
        page = self.url_open(self.path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        return self.url_open(
            f"{self.path}/{answer}", data={"csrf_token": token[1] if token else ""}
        )

    def test_looking_changes_nothing_and_tells_nobody_whose_visit_it_is(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        for secret in ("Ivanov", "Consultation", "Orlova"):
            self.assertNotIn(secret, page.text)
        self.assertEqual(self.visit.state, "booked")

    def test_no_get_answers(self):
        for answer in ("confirm", "cancel"):
            self.assertEqual(self.url_open(f"{self.path}/{answer}").status_code, 405)
        self.assertEqual(self.visit.state, "booked")

    def test_without_the_pages_own_token_nothing_happens(self):
        self.url_open(f"{self.path}/cancel", data={"csrf_token": "forged"})
        self.assertEqual(self.visit.state, "booked")

    def test_the_patient_confirms_and_may_still_cancel(self):
        self.assertIn("alert-success", self.answer("confirm").text)
        self.assertEqual(self.visit.state, "confirmed")
        self.answer("cancel")
        self.assertEqual(self.visit.state, "cancelled")
        self.assertEqual(
            self.visit.cancel_reason_id,
            self.env.ref("clinic_base.cancel_reason_patient"),
        )

    def test_a_second_answer_changes_nothing(self):
        self.answer("cancel")
        self.assertEqual(self.answer("cancel").status_code, 400)
        self.assertEqual(self.visit.state, "cancelled")

    def test_after_the_visit_has_begun_nothing_can_be_changed(self):
        self.freeze(self.at(MONDAY, "09:00"), self.addCleanup)
        self.assertNotIn("<form", self.url_open(self.path).text)

    def test_a_guessed_link_shows_nothing(self):
        self.assertEqual(self.url_open("/clinic/visit/guess").status_code, 404)
