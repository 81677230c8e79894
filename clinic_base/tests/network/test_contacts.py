from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ClinicCommon

SPEC = {"name": {}, "phone": {}, "email": {}}


@tagged("post_install", "-at_install")
class TestContactsOfPatients(ClinicCommon):
    """As a specialist whose clinic keeps patients' contacts at the desk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.doctor = cls.get_user("medical")
        cls.doctor.group_ids = [Command.link(cls.env.ref("base.group_allow_export").id)]
        cls.card = cls.make_patient(phone="8 912 345-67-89", email="maria@example.com")
        cls.patient = cls.card.with_user(cls.doctor)
        cls.colleague = cls.env["res.partner"].create(
            {"name": "Коллега", "phone": "+7 495 123-45-67"}
        )
        cls.env.company.clinic_specialist_sees_contacts = False
        cls.env.flush_all()
        cls.env.invalidate_all()

    def test_nothing_is_hidden_by_default(self):
        self.env.company.clinic_specialist_sees_contacts = True
        self.assertEqual(self.patient.phone, "+7 912 345-67-89")
        self.assertTrue(self.patient.phone_ids)

    def test_no_reading_of_any_kind(self):
        model, partner = self.patient.browse(), self.patient.partner_id
        for call in (
            lambda: self.patient.phone,
            lambda: self.patient.email,
            lambda: self.patient.read(["phone"]),
            lambda: partner.read(["email"]),
            lambda: partner.phone_sanitized,
            lambda: model.search_read([], ["phone"]),
            lambda: self.patient.export_data(["phone"]),
            lambda: model.formatted_read_group([], ["phone"], ["__count"]),
            lambda: model.search([("phone", "ilike", "345")]),
            lambda: partner.browse().search([("email", "=", "maria@example.com")]),
            lambda: model.search([("partner_id.phone", "ilike", "345")]),
            lambda: model.search([], order="email"),
            lambda: partner.with_context(show_email=True).display_name,
            lambda: self.card.phone_ids.with_user(self.doctor).read(["number_e164"]),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                call()

    def test_phones_are_no_rows_and_no_way_to_find(self):
        self.assertFalse(self.patient.phone_ids)
        self.assertFalse(
            self.env["clinic.patient.phone"].with_user(self.doctor).search([])
        )
        self.assertFalse(self.patient.browse().name_search("6789"))
        self.assertTrue(self.patient.browse().name_search("Иванова"))
        self.assertFalse(
            self.env["res.partner"].with_user(self.doctor).name_search("maria@")
        )

    def test_a_patients_login_tells_no_address(self):
        user = self.env["res.users"].create(
            {
                "name": "Мария",
                "login": "maria@example.com",
                "partner_id": self.card.partner_id.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        users = self.env["res.users"].with_user(self.doctor)
        self.assertFalse(users.search([("id", "=", user.id)]))

    def test_screens_of_the_web_client_stay_open(self):
        (card,) = self.patient.web_read(SPEC)
        self.assertEqual(card["name"], self.card.name)
        self.assertFalse(card["phone"] or card["email"])
        self.assertIn("phone", self.patient.browse().fields_get())
        both = (self.colleague | self.card.partner_id).with_user(self.doctor)
        colleague, hidden = both.web_read(SPEC)
        self.assertFalse(hidden["phone"])

    def test_contacts_of_others_stay_open(self):
        colleague = self.colleague.with_user(self.doctor)
        self.assertEqual(colleague.phone, "+7 495 123-45-67")
        self.assertEqual(colleague.read(["phone"])[0]["phone"], "+7 495 123-45-67")
        self.assertTrue(self.doctor.with_user(self.doctor).email)

    def test_a_desk_role_beside_the_medical_one_sees_them(self):
        self.doctor.group_ids = [
            Command.link(self.env.ref("clinic_base.group_registrar").id)
        ]
        self.assertTrue(self.patient.phone)

    def test_the_home_company_decides_not_the_chosen_one(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.doctor.company_ids = [Command.link(other.id)]
        with self.assertRaises(AccessError):
            self.patient.with_company(other).phone  # noqa: B018

    def test_the_registrar_sees_them(self):
        self.assertTrue(self.card.with_user(self.get_user("registrar")).phone)
