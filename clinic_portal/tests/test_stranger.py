"""Somebody who has proved nothing: no answer of the site tells who is a patient."""

import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_booking_page import DETAILS, BookingPageCase

SECRET = "4321 is owed since the flood"


@tagged("-at_install", "post_install")
class TestStranger(BookingPageCase):
    def create_known(self, **vals):
        """A card with exactly the details that the form sends."""
        return self.env["clinic.patient"].create(
            {
                "name": DETAILS["name"],
                "birthdate": DETAILS["birthdate"],
                "sex": "female",
                "phone_ids": [(0, 0, {"number_e164": "+79165554433", "primary": True})],
                **vals,
            }
        )

    def get_answer(self, **sent):
        """Status and page, without what differs from page to page."""
        # Another browser each time.
        self.opener.cookies.clear()
        answer = self.confirm(**sent)
        text = re.sub(r"[0-9a-f]{40,}(o\d+)?", "", answer.text)
        return answer.status_code, text

    def refuse_patient(self, known):
        """The desk would refuse ``known``, with words for the desk only."""

        def check(_self, patient_id):
            if patient_id == known.id:
                raise UserError(SECRET)

        self.patch(type(self.env["clinic.appointment"]), "_check_payer", check)

    def test_a_known_person_gets_the_answer_of_an_unknown_one(self):
        unknown = self.get_answer(slot=self.slot(7))
        self.visits()._move_state(
            "cancelled",
            cancel_reason_id=self.env["clinic.cancel.reason"]
            .create({"name": "Asked"})
            .id,
        )
        known = self.create_known()
        self.refuse_patient(known)
        self.assertEqual(self.get_answer(slot=self.slot(7)), unknown)

    def test_an_impossible_minute_is_answered_alike(self):
        night = self.slot(-600)
        unknown = self.get_answer(slot=night)
        self.refuse_patient(self.create_known())
        self.assertEqual(self.get_answer(slot=night), unknown)
        self.assertNotIn("fa-check-circle", unknown[1])

    def test_a_visit_never_goes_onto_a_card_of_whom_one_knows_the_details(self):
        known = self.create_known()
        self.confirm()
        self.assertNotEqual(self.visits().patient_id, known)
        self.assertFalse(
            self.env["clinic.message"].search([("patient_id", "=", known.id)])
        )

    def test_a_name_of_wildcards_is_no_name(self):
        self.create_known()
        for name in ("%%%", "Новик%", "________ _____"):
            self.confirm(name=name)
        self.assertFalse(self.visits())

    def test_the_desk_sees_both_cards_side_by_side(self):
        known = self.create_known(name="НОВИКОВА  Дарья ивановна")
        self.confirm()
        pair = self.env["clinic.patient.duplicate"].search(
            [("patient_id", "=", known.id)]
        )
        self.assertEqual(pair.other_id, self.visits().patient_id)
        self.assertEqual((pair.reason, pair.state), ("words", "open"))

    def test_a_namesake_born_on_another_day_is_nobody_elses_double(self):
        known = self.create_known(
            birthdate="1991-05-17",
            phone_ids=[(0, 0, {"number_e164": "+79160000001"})],
        )
        self.confirm()
        pairs = self.env["clinic.patient.duplicate"].search(
            [("patient_id", "=", known.id)]
        )
        self.assertFalse(pairs)

    def test_a_parent_of_the_same_name_and_telephone_is_no_double(self):
        known = self.create_known(birthdate="1961-05-17")
        self.confirm()
        pairs = self.env["clinic.patient.duplicate"].search(
            [("patient_id", "=", known.id)]
        )
        self.assertFalse(pairs)

    def test_a_signed_in_patient_books_on_the_own_card_and_hears_no_desk_words(self):
        known = self.create_known()
        new_test_user(
            self.env,
            "daria",
            groups="base.group_portal",
            partner_id=known.partner_id.id,
        )
        self.authenticate("daria", "daria")
        with patch.object(
            type(self.env["clinic.appointment"]),
            "_check_payer",
            side_effect=UserError(SECRET),
        ):
            page = self.post("/clinic/booking/confirm", slot=self.slot())
        self.assertNotIn(SECRET, page.text)
        self.assertFalse(self.visits())
        for _sending in range(2):
            page = self.post("/clinic/booking/confirm", slot=self.slot())
            self.assertIn("fa-check-circle", page.text)
        self.assertEqual(self.visits().patient_id, known)

    def test_hostile_values_are_answered_with_a_page(self):
        for sent in (
            {"name": "A\0B"},
            {"phone": "\0"},
            {"birthdate": "\0"},
            {"email": "a\0@b"},
            {"sex": "\0"},
            {"token": "\0"},
            {"slot": "x" * 5000},
            {"slot": self.slot().replace("|", "|9", 1)},
        ):
            with self.subTest(sent=sent):
                self.assertLess(self.confirm(**sent).status_code, 500)
