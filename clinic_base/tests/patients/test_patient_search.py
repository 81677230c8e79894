from odoo.tests import tagged

from ..common import ClinicCommon


@tagged("post_install", "-at_install")
class TestPatientSearch(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.env["clinic.patient"].search([]).archive_with_reason("not in this test")
        # Numbers of a sequence might be the ends of phones.
        cls.maria = cls.make_patient(
            "Ёлкина Мария Петровна",
            birthdate="1985-03-07",
            phone="8 912 345-67-89",
            card_number="0000701",
        )
        cls.anna = cls.make_patient(
            "Елкина Анна Ивановна", birthdate="1990-01-02", card_number="0000702"
        )
        cls.petr = cls.make_patient(
            "Ли Пётр", phone="8 912 345-00-89", card_number="0000703"
        )

    def find(self, text):
        found = self.env["clinic.patient"].name_search(text, limit=None)
        return self.env["clinic.patient"].browse(
            [patient_id for patient_id, _ in found]
        )

    def test_words_in_any_order_parts_and_yo(self):
        for text, expected in (
            ("елкина", self.maria | self.anna),
            ("ЁЛКИНА", self.maria | self.anna),
            ("мария ёлк", self.maria),
            ("лкин", self.maria | self.anna),
            ("петр", self.maria | self.petr),
            ("ли", self.petr),
            ("елкина а", self.anna),
            ("ли пе", self.petr),
            ("никого", self.petr.browse()),
            ("%", self.petr.browse()),
            ("ел_ина", self.petr.browse()),
        ):
            with self.subTest(text):
                self.assertEqual(set(self.find(text)), set(expected))

    def test_ends_of_phones_card_numbers_and_dates(self):
        card = self.anna.card_number
        for text, expected in (
            ("6789", self.maria),
            ("089", self.petr),
            ("89123456789", self.maria),
            ("+7 (912) 345-67-89", self.maria),
            (card, self.anna),
            (card.lstrip("0"), self.anna),
            ("07.03.1985", self.maria),
            ("елкина 02.01.90", self.anna),
            ("мария 6789", self.maria),
            ("анна 6789", self.petr.browse()),
        ):
            with self.subTest(text):
                self.assertEqual(set(self.find(text)), set(expected))

    def test_an_archived_card_or_phone_is_not_found(self):
        self.maria.phone_ids.archive_with_reason("wrong number")
        self.assertFalse(self.find("6789"))
        self.anna.archive_with_reason("twins")
        self.assertEqual(self.find("елкина"), self.maria)

    def test_contacts_are_not_joined_into_a_registrars_search(self):
        patients = self.env["clinic.patient"].with_user(self.get_user("registrar"))
        query = patients._search([("display_name", "ilike", "елкина")])
        self.assertNotIn("res_partner", query.select().code)

    def test_one_letter_uses_the_beginning_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["clinic.patient"]._search(
            [("display_name", "ilike", "ел")], limit=80
        )
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("search_name_start", plan)
        self.assertNotIn("Seq Scan", plan)

    def test_names_found_inside_are_sorted_not_walked_to(self):
        """The first ones in the same order, whichever way PostgreSQL goes."""
        patients = self.env["clinic.patient"]
        domain, order = [("display_name", "ilike", "лкин")], patients._order
        query = patients._search(domain, limit=80, order=order)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("Sort Key", plan)
        # In a table this small all ways cost the same: leave the one in question.
        self.env.cr.execute("DROP INDEX clinic_patient_search_name_start")
        for way in ("indexscan", "indexonlyscan"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("search_name_part", plan)
        self.assertEqual(patients.search(domain, limit=1), self.anna)
        self.assertEqual(patients.search(domain, limit=80), self.anna | self.maria)
        self.assertEqual(patients.search(domain, offset=1, limit=1), self.maria)
