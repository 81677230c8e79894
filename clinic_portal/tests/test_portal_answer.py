from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.clinic_schedule.tests.common import ScheduleCommon


@tagged("-at_install", "post_install")
class TestPortalAnswer(ScheduleCommon, HttpCase):
    """The patient is signed in; other_patient is a relative of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        new_test_user(
            cls.env,
            "patient_at_home",
            groups="base.group_portal",
            partner_id=cls.patient.partner_id.id,
        )

    def relate(self, **rights):
        self.env["clinic.patient.relation"].create(
            {
                "patient_id": self.other_patient.id,
                "related_id": self.patient.id,
                "kind": "mother",
                "date_from": "2026-01-01",
                **rights,
            }
        )

    def open_answer(self, visit):
        self.authenticate("patient_at_home", "patient_at_home")
        return self.url_open(f"/my/visits/{visit.id}/answer")

    def test_the_list_leads_to_the_page_where_the_visit_is_answered_for(self):
        visit = self.book("09:00")
        page = self.open_answer(visit)
        self.assertEqual(page.status_code, 200)
        self.assertIn("/clinic/visit/", page.url)
        self.assertEqual(visit.state, "booked", "looking changes nothing")
        visits = self.url_open("/my/visits").text
        self.assertIn(f"/my/visits/{visit.id}/answer", visits)

    def test_another_ones_visit_is_not_there(self):
        visit = self.book("09:00", patient=self.other_patient)
        self.assertEqual(self.open_answer(visit).status_code, 404)
        self.assertFalse(self.env["clinic.visit.link"].search([]))

    def test_who_may_only_see_a_relatives_visits_does_not_answer_for_them(self):
        self.relate(may_see=True)
        visit = self.book("09:00", patient=self.other_patient)
        self.assertEqual(self.open_answer(visit).status_code, 404)
        self.assertNotIn(f"/{visit.id}/answer", self.url_open("/my/visits").text)

    def test_visits_in_two_companies_are_seen_and_nobody_elses(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        branch = self.env["clinic.branch"].create(
            {"name": "Elsewhere", "tz": self.tz, "company_id": elsewhere.id}
        )
        self.create_room("Room elsewhere", branch)
        specialist = self.create_specialist("Far Away", self.service)
        self.create_shift(branch=branch, specialist=specialist)
        here = self.book("09:00")
        there = self.book("10:00", specialist=specialist)
        theirs = self.book("11:00", specialist=specialist, patient=self.other_patient)
        self.assertEqual(there.company_id, elsewhere)
        self.authenticate("patient_at_home", "patient_at_home")
        page = self.url_open("/my/visits").text
        for visit, shown in ((here, True), (there, True), (theirs, False)):
            with self.subTest(visit=visit.start):
                self.assertEqual(f"/{visit.id}/answer" in page, shown)
                answer = self.url_open(f"/my/visits/{visit.id}/answer")
                self.assertEqual(answer.status_code, 200 if shown else 404)

    def test_a_parent_of_who_came_of_age_neither_sees_nor_answers(self):
        self.relate(may_see=True, may_book=True)
        visit = self.book("09:00", patient=self.other_patient)
        self.env["clinic.visit.link"]._get(visit)
        for years, status in ((14, 200), (16, 404), (19, 404)):
            birthdate = date.today() - relativedelta(years=years)
            self.other_patient.birthdate = birthdate
            with self.subTest(years=years):
                self.assertEqual(self.open_answer(visit).status_code, status)
                shown = f"/{visit.id}/answer" in self.url_open("/my/visits").text
                self.assertEqual(shown, status == 200)

    def test_who_books_for_a_relative_answers_too(self):
        self.relate(may_see=True, may_book=True)
        visit = self.book("09:00", patient=self.other_patient)
        self.assertEqual(self.open_answer(visit).status_code, 200)
