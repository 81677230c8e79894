import re
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import MONDAY, ScheduleCommon


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
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])
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

    def test_what_a_parent_was_sent_ends_on_the_childs_fifteenth_birthday(self):
        self.visit.patient_id.birthdate = MONDAY.replace(year=MONDAY.year - 15)
        self.assertIn("<form", self.url_open(self.path).text)
        self.freeze(self.at(MONDAY, "00:00"), self.addCleanup)
        self.assertEqual(self.url_open(self.path).status_code, 404)
        link = self.env["clinic.visit.link"]._get(self.visit)
        own = re.search(r"/clinic/visit/.*", link._get_address())[0]
        self.assertNotEqual(own, self.path)
        self.assertIn("<form", self.url_open(own).text)
        self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_after_the_visit_has_begun_nothing_can_be_changed(self):
        self.freeze(self.at(MONDAY, "09:00"), self.addCleanup)
        self.assertNotIn("<form", self.url_open(self.path).text)

    def test_a_link_lives_until_soon_after_the_visit_and_then_says_so(self):
        self.freeze(self.visit.stop + timedelta(hours=1), self.addCleanup)
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self.freeze(self.visit.stop + timedelta(hours=2), self.addCleanup)
        over = self.url_open(self.path)
        self.assertEqual(over.status_code, 404)
        self.assertIn("This link is over", over.text)

    def test_unknown_and_withdrawn_links_are_answered_alike(self):
        guessed = self.url_open("/clinic/visit/guess")
        chief = new_test_user(
            self.env, "desk_chief", groups="clinic_base.group_registrar_chief"
        )
        registrar = new_test_user(
            self.env, "desk", groups="clinic_base.group_registrar"
        )
        with self.assertRaises(AccessError):
            self.visit.with_user(registrar).action_withdraw_links()
        self.visit.with_user(chief).action_withdraw_links()
        withdrawn = self.url_open(self.path)
        self.assertEqual((guessed.status_code, withdrawn.status_code), (404, 404))
        self.assertEqual(guessed.text, withdrawn.text)
        fresh = self.env["clinic.visit.link"]._get(self.visit)._get_path()
        self.assertNotEqual(fresh, self.path)
        self.assertEqual(self.url_open(fresh).status_code, 200)
        self.assertEqual(self.url_open(self.path).status_code, 404)

    def test_a_link_that_was_sent_is_sent_once_more_the_same(self):
        self.env.invalidate_all()
        link = self.env["clinic.visit.link"]._get(self.visit)
        self.assertEqual(link._get_path(), self.path)
        self.env.cr.execute("SELECT * FROM clinic_visit_link")
        self.assertNotIn(self.path.rpartition("/")[2], str(self.env.cr.fetchall()))


@tagged("post_install", "-at_install")
class TestOfferLink(ScheduleCommon, HttpCase):
    """Time that is offered to somebody who waits."""

    def setUp(self):
        super().setUp()
        self.create_shift()
        self.request = self.env["clinic.booking.request"].create(
            {
                "patient_id": self.patient.id,
                "service_id": self.service.id,
                "origin": "waiting",
                "due_from": MONDAY,
                "due_to": MONDAY,
            }
        )
        self.request._offer()
        self.hold = self.request.appointment_id
        link = self.env["clinic.visit.link"]._get(self.hold)
        self.path = re.search(r"/clinic/visit/.*", link._get_address())[0]

    def answer(self, answer):
        page = self.url_open(self.path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        data = {"csrf_token": token[1] if token else ""}
        return self.url_open(f"{self.path}/{answer}", data=data)

    def test_the_message_leads_to_the_page(self):
        message = self.env["clinic.message"].search(
            [("appointment_id", "=", self.hold.id), ("purpose", "=", "offer")], limit=1
        )
        values = self.hold._get_message_values(message.purpose)
        self.assertIn(self.path, values["link"])

    def test_the_patient_takes_the_offered_time(self):
        self.assertIn("alert-info", self.url_open(self.path).text)
        self.assertEqual(self.hold.state, "hold", "looking changes nothing")
        self.assertIn("alert-success", self.answer("confirm").text)
        self.assertEqual((self.hold.state, self.request.state), ("booked", "booked"))

    def test_who_needs_it_no_more_frees_the_time_at_once(self):
        self.answer("cancel")
        self.assertEqual((self.hold.state, self.request.state), ("expired", "lost"))
        self.book("09:00", patient=self.other_patient)

    def test_an_offer_that_ran_out_cannot_be_taken(self):
        self.freeze(self.hold.expires_at, self.addCleanup)
        self.assertNotIn("<form", self.url_open(self.path).text)
        link = self.env["clinic.visit.link"]._get(self.hold)
        link._answer("confirm")
        self.assertEqual(self.hold.state, "hold")
