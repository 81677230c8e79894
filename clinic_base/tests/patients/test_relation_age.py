"""Rights of relatives end on the day on which the patient comes of age."""

from contextlib import contextmanager
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from ...models.patients.clinic_patient_relation import RIGHT_ENDS
from ...tools.age import day_of_age


@tagged("post_install", "-at_install")
class TestRelationAge(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "East"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env["base"].with_company(cls.company).env
        cls.env["clinic.branch"].create(
            {"name": "East", "company_id": cls.company.id, "tz": "Asia/Vladivostok"}
        )
        patients = cls.env["clinic.patient"]
        cls.mother = patients.create({"name": "Anna Ivanova"})
        cls.child = patients.create(
            {"name": "Petr Ivanov", "birthdate": date(2008, 2, 29)}
        )
        cls.relation = cls.relate()

    @classmethod
    def relate(cls, **vals):
        return cls.env["clinic.patient.relation"].create(
            {
                "patient_id": cls.child.id,
                "related_id": cls.mother.id,
                "kind": "mother",
                "date_from": "2010-01-01",
                **dict.fromkeys(RIGHT_ENDS, True),
                **vals,
            }
        )

    @contextmanager
    def at(self, *moment):
        """UTC."""
        moment = datetime(*moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            self.env.invalidate_all()
            yield

    def rights(self, relation=None):
        relation = relation or self.relation
        found = {
            right
            for right in RIGHT_ENDS
            if relation.search(
                [("id", "in", relation.ids), *relation._get_right_domain(right)]
            )
        }
        kept = {right for right in RIGHT_ENDS if relation._filtered_right(right)}
        self.assertEqual(found, kept, "a search and a record say the same")
        return found

    def test_every_right_of_a_relation_has_its_age(self):
        fields = self.relation._fields
        rights = {name for name in fields if fields[name].type == "boolean"} - {
            "active"
        }
        self.assertEqual(rights, RIGHT_ENDS.keys())

    def test_born_on_29_february_one_is_of_age_on_1_march_in_the_companys_zone(self):
        # Vladivostok is ten hours ahead.
        with self.at(2023, 2, 28, 13, 59):
            self.assertEqual(self.rights(), set(RIGHT_ENDS))
        with self.at(2023, 2, 28, 14, 1):
            self.assertEqual(self.rights(), {"may_book", "pays"})
            self.assertIn("15", self.relation.ended_note)
        with self.at(2026, 2, 28, 14, 1):
            self.assertEqual(self.rights(), set())
            self.assertIn("18", self.relation.ended_note)

    def test_the_zone_of_whoever_asks_changes_nothing(self):
        user = new_test_user(
            self.env,
            "far_away",
            groups="clinic_base.group_registrar",
            tz="America/New_York",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.at(2023, 2, 28, 14, 1):
            self.assertEqual(
                self.rights(self.relation.with_user(user)), {"may_book", "pays"}
            )

    def test_the_day_of_age(self):
        born = date(2008, 2, 29)
        self.assertEqual(day_of_age(born, 15), date(2023, 3, 1))
        self.assertEqual(day_of_age(born, 16), date(2024, 2, 29))
        self.assertEqual(day_of_age(date(2008, 7, 5), 18), date(2026, 7, 5))

    def test_the_patients_own_consent_renews_what_they_are_old_enough_for(self):
        with self.at(2026, 6, 1):
            self.relation.consent_on = date(2022, 1, 1)
            self.assertEqual(self.rights(), set(), "a child cannot agree")
            self.relation.consent_on = date(2024, 1, 1)
            self.assertEqual(self.rights(), {"may_see"})
            self.relation.action_note_consent()
            self.assertEqual(self.rights(), set(RIGHT_ENDS))
            self.assertFalse(self.relation.ended_note)
            with self.assertRaises(ValidationError):
                self.relation.consent_on = date(2026, 7, 1)

    def test_who_has_no_part_at_the_desk_notes_no_consent(self):
        doctor = new_test_user(
            self.env, "doctor_only", groups="clinic_base.group_medical"
        )
        with self.assertRaises(AccessError):
            self.relation.with_user(doctor).action_note_consent()

    def test_a_relation_made_today_for_who_is_of_age_already_asks_too(self):
        with self.at(2026, 6, 1):
            late = self.relate(date_from="2026-06-01")
            self.assertEqual(self.rights(late), set())
            spouse = self.relate(kind="spouse", date_from="2026-06-01")
            self.assertEqual(self.rights(spouse), set(RIGHT_ENDS))
            aunt = self.relate(kind="other", date_from="2015-06-01")
            self.assertEqual(self.rights(aunt), set())

    def test_another_relative_of_a_child_loses_each_right_at_its_age(self):
        aunt = self.relate(kind="other", date_from="2015-06-01")
        for moment, rights in (
            ((2023, 2, 28), set(RIGHT_ENDS)),  # 14
            ((2023, 3, 2), {"may_book", "pays"}),  # 15
            ((2026, 2, 28), {"may_book", "pays"}),  # 17
            ((2026, 3, 2), set()),  # 18
        ):
            with self.subTest(moment=moment), self.at(*moment):
                self.assertEqual(self.rights(aunt), rights)
        with self.at(2026, 3, 2):
            aunt.action_note_consent()
            self.assertEqual(self.rights(aunt), set(RIGHT_ENDS))

    def test_another_relative_entered_for_a_grown_up_is_the_patients_own_choice(self):
        with self.at(2026, 6, 1):
            friend = self.relate(kind="other", date_from="2026-03-01")
            self.assertEqual(self.rights(friend), set(RIGHT_ENDS))
            before = self.relate(kind="other", date_from="2026-02-28")
            self.assertEqual(self.rights(before), set())

    def test_a_birthdate_that_is_corrected_counts_at_once(self):
        with self.at(2026, 6, 1):
            self.child.birthdate = date(2015, 1, 1)
            self.assertEqual(self.rights(), set(RIGHT_ENDS))

    def test_visits_are_not_told_of_at_a_parents_number(self):
        phone = self.env["clinic.patient.phone"].create(
            {
                "patient_id": self.child.id,
                "number_e164": "+79161230001",
                "owner": "relative",
                "related_id": self.mother.id,
                "primary": True,
            }
        )
        with self.at(2023, 2, 28, 13, 0):
            self.assertEqual(phone._filtered_tellable(), phone)
        with self.at(2023, 2, 28, 15, 0):
            self.assertFalse(phone._filtered_tellable())
            self.relation.action_note_consent()
            self.assertEqual(phone._filtered_tellable(), phone)

    def test_an_address_noted_in_childhood_is_nobodys_until_the_patient_owns_it(self):
        with self.at(2020, 1, 1):
            self.child.email = "home@example.com"
            self.assertTrue(self.child._get_tellable_email())
        with self.at(2023, 2, 28, 13, 59):
            self.assertTrue(self.child._get_tellable_email())
        with self.at(2023, 2, 28, 14, 1):
            self.assertFalse(self.child._get_tellable_email())
            self.assertTrue(self.child.email_note)
            self.child.action_own_email()
            self.assertTrue(self.child._get_tellable_email())
            self.assertFalse(self.child.email_note)

    def test_an_address_noted_when_of_age_is_the_patients(self):
        with self.at(2020, 1, 1):
            self.child.email = "home@example.com"
            self.env.flush_all()
        with self.at(2024, 1, 1):
            self.assertFalse(self.child._get_tellable_email())
            self.child.email = "petr@example.com"
            self.assertTrue(self.child._get_tellable_email())

    def test_who_lets_a_parent_see_visits_is_told_at_the_familys_address(self):
        with self.at(2020, 1, 1):
            self.child.email = "home@example.com"
            self.env.flush_all()
        with self.at(2024, 1, 1):
            self.relation.action_note_consent()
            self.assertTrue(self.child._get_tellable_email())

    def test_a_number_that_changes_or_moves_is_proved_anew(self):
        user = new_test_user(
            self.env,
            "desk of phones",
            groups="clinic_base.group_registrar",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        for vals in ({"number_e164": "+79123456780"}, {"patient_id": self.mother.id}):
            phone = self.env["clinic.patient.phone"].create(
                {"patient_id": self.child.id, "number_e164": "+79123456789"}
            )
            phone.verified_on = self.env.cr.now()
            phone.with_user(user).write({"note": "Home"})
            self.assertTrue(phone.verified_on)
            phone.with_user(user).write(vals)
            self.assertFalse(phone.verified_on)
            phone.archive_with_reason("Test")
