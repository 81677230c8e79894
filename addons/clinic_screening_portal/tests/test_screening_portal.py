from odoo import Command
from odoo.tests import tagged

from odoo.addons.clinic_portal.tests.test_booking_page import DETAILS, BookingPageCase


@tagged("post_install", "-at_install")
class TestScreeningPortal(BookingPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["clinic.screening.questionnaire"].search([]).action_archive()
        mood = cls.env["clinic.problem.category"].create({"name": "Mood"})
        cls.specialist.problem_category_ids = mood
        cls.questionnaire = cls.env["clinic.screening.questionnaire"].create(
            {
                "name": "Whom?",
                "is_published": True,
                "question_ids": [
                    Command.create(
                        {
                            "name": "What is wrong?",
                            "option_ids": [
                                Command.create(
                                    {"name": "Sad", "problem_category_id": mood.id}
                                )
                            ],
                        }
                    )
                ],
            }
        )

    def test_every_page_leads_to_the_questions(self):
        page = self.url_open("/clinic").text
        self.assertIn("I do not know whom to see", page)
        self.assertIn('href="/clinic/screening"', self.url_open("/contactus").text)

    def test_the_answers_belong_to_the_visit_that_they_led_to(self):
        token, _outcome, specialists = self.env["clinic.screening"].submit(
            self.questionnaire, self.questionnaire.question_ids.option_ids.ids
        )
        self.assertIn(self.specialist, specialists)
        page = self.post(
            "/clinic/booking/confirm", slot=self.slot(), token=token, **DETAILS
        )
        self.assertIn("fa-check-circle", page.text)
        screening = self.env["clinic.screening"].search(
            [("questionnaire_id", "=", self.questionnaire.id)]
        )
        self.assertEqual(screening.appointment_id.specialist_id, self.specialist)
        self.assertEqual(screening.patient_id.name, DETAILS["name"])

    def test_a_token_of_nobody_stops_no_booking(self):
        page = self.post(
            "/clinic/booking/confirm", slot=self.slot(30), token="none", **DETAILS
        )
        self.assertIn("fa-check-circle", page.text)
