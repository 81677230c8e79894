import re

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.common import NON_MEDICAL_ROLES, ClinicCommon


@tagged("-at_install", "post_install")
class TestScreening(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mood = cls.env["clinic.problem.category"].create({"name": "Mood"})
        cls.questionnaire = cls.env["clinic.screening.questionnaire"].create(
            {
                "name": "Whom?",
                "question_ids": [
                    Command.create(
                        {
                            "name": f"Question {number}",
                            "option_ids": [
                                Command.create(
                                    {"name": "Yes", "problem_category_id": cls.mood.id}
                                ),
                                Command.create({"name": "Urgent", "urgent": True}),
                            ],
                        }
                    )
                    for number in (1, 2)
                ],
            }
        )
        cls.first, cls.second = cls.questionnaire.question_ids
        cls.specialist = cls.env["clinic.specialist"].create(
            {"name": "Anna Orlova", "problem_category_ids": [Command.set(cls.mood.ids)]}
        )

    def submit(self, *options):
        return self.env["clinic.screening"].submit(
            self.questionnaire, [option.id for option in options]
        )

    def test_the_answers_lead_to_who_takes_the_problem(self):
        _token, outcome, specialists = self.submit(
            self.first.option_ids[0], self.second.option_ids[0]
        )
        self.assertEqual(specialists, self.specialist)
        self.assertEqual(outcome.weights, {self.mood.id: 2})

    def test_an_urgent_answer_offers_nobody(self):
        _token, outcome, specialists = self.submit(
            self.first.option_ids[0], self.second.option_ids[1]
        )
        self.assertTrue(outcome.urgent)
        self.assertFalse(specialists)

    def test_every_question_wants_one_answer(self):
        foreign = self.env["clinic.screening.questionnaire"].create(
            {
                "name": "Other",
                "question_ids": [
                    Command.create(
                        {"name": "Q", "option_ids": [Command.create({"name": "A"})]}
                    )
                ],
            }
        )
        for options in (
            [],
            [self.first.option_ids[0]],
            list(self.first.option_ids),
            [self.first.option_ids[0], foreign.question_ids.option_ids],
        ):
            with self.subTest(options=options), self.assertRaises(UserError):
                self.submit(*options)

    def test_no_other_role_reads_answers(self):
        self.submit(self.first.option_ids[0], self.second.option_ids[0])
        for role in (*NON_MEDICAL_ROLES, "system", "portal", "public"):
            screenings = self.env["clinic.screening"].with_user(self.get_user(role))
            with self.subTest(role=role), self.assertRaises(AccessError):
                screenings.search_read([], ["answers"])

    def test_answers_lie_sealed_in_the_database(self):
        self.submit(self.first.option_ids[0], self.second.option_ids[0])
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT answers FROM clinic_screening ORDER BY id DESC LIMIT 1"
        )
        [sealed] = self.env.cr.fetchone()
        self.assertNotIn(b"{", bytes(sealed)[:1])


@tagged("-at_install", "post_install")
class TestScreeningPage(HttpCase):
    def test_numbers_that_are_no_ids_are_no_answers(self):
        self.env["clinic.screening.questionnaire"].create(
            {"name": "Published", "is_published": True}
        )
        page = self.url_open("/clinic/screening")
        token = re.search(r'csrf_token: "([^"]+)"', page.text)[1]
        for question, option in (("9" * 30, "1"), ("1", "9" * 30), ("٣", "1")):
            answer = self.url_open(
                "/clinic/screening",
                data={"csrf_token": token, f"question_{question}": option},
            )
            self.assertEqual(answer.status_code, 200)

    def test_without_questions_the_page_says_so(self):
        self.env["clinic.screening.questionnaire"].search([]).is_published = False
        page = self.url_open("/clinic/screening")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("question_", page.text)
