from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ..common import ClinicCommon


@tagged("post_install", "-at_install")
class TestPatient(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.registrar = cls.get_user("registrar")
        cls.maria = cls.make_patient(
            birthdate="1985-03-07", snils="11223344595", phone="8 (912) 345-67-89"
        )

    def test_name_and_parts_stay_in_step(self):
        self.assertEqual(self.maria.last_name, "Иванова")
        self.assertEqual(self.maria.middle_name, "Петровна")
        self.maria.last_name = "Смирнова"
        self.assertEqual(self.maria.name, "Смирнова Мария Петровна")
        self.maria.name = "Ёлкина Мария"
        self.assertFalse(self.maria.middle_name)
        self.assertEqual(self.maria.search_name, "елкина мария")

    def test_a_contact_that_is_called_otherwise_is_so_on_the_card(self):
        contact = self.maria.partner_id.with_user(self.registrar)
        contact.name = "Ёлкина Мария Ивановна"
        self.assertEqual(self.maria.last_name, "Ёлкина")
        self.assertEqual(self.maria.middle_name, "Ивановна")
        self.assertEqual(self.maria.search_name, "елкина мария ивановна")
        for blank in ("", " \u200b"):
            with self.assertRaises(ValidationError):
                contact.name = blank

    def test_a_number_of_a_card_is_what_people_see_of_it(self):
        self.assertEqual(
            self.make_patient(card_number=" К-78\u00a0").card_number, "К-78"
        )
        self.assertTrue(self.make_patient(card_number="").card_number)
        with self.assertRaises(ValidationError):
            self.maria.card_number = " "

    def test_phone_of_a_new_card_is_normalised_and_kept_as_its_own(self):
        self.assertEqual(self.maria.phone_ids.number_e164, "+79123456789")
        self.assertEqual(self.maria.phone, "+7 912 345-67-89")

    def test_the_main_phone_is_the_contacts(self):
        self.maria.phone_ids = [
            Command.update(self.maria.phone_ids.id, {"primary": False}),
            Command.create({"number_e164": "495 123-45-67", "primary": True}),
        ]
        self.assertEqual(self.maria.phone, "+7 495 123-45-67")

    def test_a_wrong_phone_is_named(self):
        with self.assertRaisesRegex(ValidationError, "12345"):
            self.make_patient(phone="12345")

    def test_numbers_of_documents_are_checked_and_written_one_way(self):
        self.assertEqual(self.maria.snils, "112-233-445 95")
        with self.assertRaisesRegex(ValidationError, "112-233-445 96"):
            self.maria.snils = "112-233-445 96"
        with self.assertRaises(ValidationError):
            self.maria.oms_policy = "1234567890123456"
        self.maria.write({"document_type": "passport", "document_number": "4509123456"})
        self.assertEqual(self.maria.document_number, "4509 123456")
        self.maria.write({"document_type": "other", "document_number": "AB 1"})
        self.assertEqual(self.maria.document_number, "AB 1")

    def test_impossible_dates_of_birth(self):
        with self.assertRaises(ValidationError):
            self.maria.birthdate = "2999-01-01"
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.maria.birthdate = "1799-01-01"
            self.env.flush_all()

    def test_a_registrar_is_warned_while_typing(self):
        form = Form(self.env["clinic.patient"].with_user(self.registrar))
        form.name = "Иванова Маша"
        self.assertFalse(form.duplicate_ids[:])
        form.birthdate = "1985-03-07"
        self.assertEqual(form.duplicate_ids[:].ids, self.maria.ids)

    def test_similar_by_snils_and_by_phone_with_first_name(self):
        similar = self.make_patient("Петрова Анна", snils="112-233-445 95")
        self.assertEqual(similar.duplicate_ids, self.maria)
        same_phone = self.make_patient("Сидорова Мария", phone="+7 912 345 67 89")
        self.assertEqual(same_phone.duplicate_ids, self.maria)
        child = self.make_patient("Иванов Пётр", phone="+7 912 345 67 89")
        self.assertFalse(child.duplicate_ids)

    def test_who_is_told_apart_is_not_similar_at_the_desk(self):
        namesake = self.make_patient(
            self.maria.name, birthdate=self.maria.birthdate, snils="087-654-303 00"
        )
        self.assertFalse(namesake.duplicate_ids)
        daughter = self.make_patient(
            "Иванова Мария", phone="+7 912 345 67 89", birthdate="2015-03-07"
        )
        self.assertFalse(daughter.duplicate_ids)
        form = Form(self.env["clinic.patient"].with_user(self.registrar))
        form.name = self.maria.name
        form.birthdate = self.maria.birthdate
        form.snils = "087-654"
        self.assertTrue(form.duplicate_ids[:], "half a number tells nothing")

    def test_a_known_policy_finds_the_card_and_fills_who_pays(self):
        insurer = self.env["res.partner"].create({"name": "СК", "is_company": True})
        source = self.env.ref("clinic_base.payment_source_insurer")
        source.partner_id = insurer
        self.maria.write(
            {
                "oms_policy": "7700 0000 0000 0008",
                "dms_policy": "Д-17",
                "payer_id": insurer.id,
                "payment_source_id": source.id,
            }
        )
        form = Form(self.env["clinic.patient"].with_user(self.registrar))
        form.oms_policy = self.maria.oms_policy
        self.assertEqual(form.duplicate_ids[:].ids, self.maria.ids)
        child = Form(self.env["clinic.patient"].with_user(self.registrar))
        child.name = "Иванов Пётр"
        child.dms_policy = "Д-17"
        self.assertFalse(child.duplicate_ids[:], "a family shares its policy")
        self.assertEqual(child.payer_id, insurer)
        self.assertEqual(child.payment_source_id, source)

    def test_a_new_policy_tells_the_kind_of_payment(self):
        form = Form(self.env["clinic.patient"].with_user(self.registrar))
        form.dms_policy = "Д-99"
        self.assertEqual(form.payment_source_id.kind, "insurer")

    def test_from_mother_to_child_and_back(self):
        child = self.make_patient("Иванов Пётр")
        self.env["clinic.patient.relation"].create(
            {"patient_id": self.maria.id, "related_id": child.id, "kind": "child"}
        )
        self.assertEqual(self.maria.action_open_family()["res_id"], child.id)

    @users("clinic_registrar")
    def test_a_registrar_registers_a_patient_whole(self):
        patient = self.env["clinic.patient"].create(
            {
                "name": "Новиков Илья",
                "phone": "8 912 000-00-00",
                "consent_ids": [
                    Command.create({"kind": "personal_data", "version": "2025-09"})
                ],
            }
        )
        self.assertTrue(patient.card_number.isdecimal())
        patient.consent_ids.action_revoke()
        self.assertTrue(patient.consent_ids.revoked)

    def test_cards_are_archived_never_deleted(self):
        for records in (self.maria, self.maria.sudo(), self.maria.phone_ids):
            with self.assertRaises(UserError):
                records.with_context(force_delete=True, _force_unlink=True).unlink()
        self.maria.with_user(self.registrar).archive_with_reason("умерла")
        self.assertEqual(self.maria.archive_reason, "умерла")
        self.assertEqual(self.maria.archived_by_id, self.registrar)
        self.maria.action_unarchive()
        self.assertFalse(self.maria.archive_reason or self.maria.archived_by_id)

    def test_an_email_with_a_line_break_is_refused(self):
        for email in ("a@example.com\nBcc: b@example.com", "a@example.com\r\nX: y"):
            with self.subTest(email=email), self.assertRaises(ValidationError):
                self.maria.email = email
