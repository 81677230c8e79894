import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from ..common import ClinicCommon, make_role_user


@tagged("post_install", "-at_install")
class TestConsent(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registrar = cls.get_user("registrar")
        cls.anna = cls.make_patient("Ким Анна")
        cls.texts = cls.env["clinic.consent.text"]
        cls.text = cls.texts.create(
            {
                "kind": "personal_data",
                "version": "2025-09",
                "date_from": "2025-09-01",
                "body": "<p>I agree to this.</p>",
            }
        )

    def give(self, kind="personal_data", **vals):
        return self.env["clinic.consent"].create(
            {"patient_id": self.anna.id, "kind": kind, **vals}
        )

    def test_the_text_of_the_day_is_read_before_anybody_agrees(self):
        self.texts.create(
            {
                "kind": "personal_data",
                "version": "next",
                "date_from": "2099-01-01",
                "body": "<p>Later.</p>",
            }
        )
        consents = self.env["clinic.consent"].with_user(self.registrar)
        with Form(consents.with_context(default_patient_id=self.anna.id)) as form:
            form.kind = "personal_data"
            self.assertIn("I agree to this.", form.text_body)
            self.assertEqual(form.version, "2025-09")
        self.assertEqual(self.anna.consent_ids.text_id, self.text)

    def test_a_text_that_somebody_has_agreed_to_does_not_change(self):
        self.text.body = "<p>I agree to that.</p>"
        self.give()
        with self.assertRaises(UserError):
            self.text.body = "<p>I agree to everything.</p>"
        with self.assertRaises(UserError):
            self.text.version = "x"
        with self.assertRaises(AccessError):
            self.text.with_user(self.registrar).date_from = "2020-01-01"

    def test_the_version_is_that_of_the_text_whatever_is_written(self):
        self.assertEqual(
            self.give(text_id=self.text.id, version="other").version, "2025-09"
        )
        self.assertEqual(self.give(version="paper-1").version, "paper-1")

    def test_who_withdraws_has_withdrawn_what_was_given_before_too(self):
        self.give("marketing", version="1", date="2025-01-01")
        second = self.give("marketing", version="1", date="2025-02-01")
        second.with_user(self.registrar).action_revoke()
        self.assertFalse(self.anna._has_consent("marketing"))
        self.assertIn("Withdrawn: Advertising messages", self.anna.consent_note)
        later = second.revoked + timedelta(hours=1)
        self.give("marketing", version="2", date=later)
        self.assertTrue(self.anna._has_consent("marketing"))

    def test_missing_and_withdrawn_consents_are_seen_on_the_card(self):
        card = self.anna.with_user(self.registrar)
        self.assertIn("Medical intervention", card.consent_note)
        given = self.give() | self.give("treatment", version="1")
        self.assertFalse(card.consent_note)
        given[1].with_user(self.registrar).action_revoke()
        self.assertIn("Withdrawn: Medical intervention", card.consent_note)
        revoked = given[1].revoked
        given[1].action_revoke()
        self.assertEqual(given[1].revoked, revoked, "the first word counts")

    def test_advertising_ends_with_the_withdrawal(self):
        self.assertFalse(self.anna._has_consent("marketing"))
        consent = self.give("marketing", version="1")
        self.assertTrue(self.anna._has_consent("marketing"))
        consent.action_revoke()
        self.assertFalse(self.anna._has_consent("marketing"))

    def test_it_is_printed_with_the_name_to_be_signed(self):
        consent = self.give()
        action = consent.with_user(self.registrar).action_print()
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.registrar)
            ._render_qweb_html(action["report_name"], consent.ids)
        )
        self.assertIn("I agree to this.", html.decode())
        self.assertIn("Ким Анна", html.decode())

    def test_a_person_gets_what_is_kept_of_them(self):
        self.anna.write({"snils": "112-233-445 95", "birthdate": "1990-01-02"})
        self.env["clinic.patient.phone"].create(
            {"patient_id": self.anna.id, "number_e164": "+79123456789"}
        )
        self.give(version="1", text_id=False)
        anna = self.anna.with_user(self.registrar)
        anna.action_export_data()
        told = json.loads(anna._render_personal_data())
        self.assertEqual(told["card"][0]["snils"], "112-233-445 95")
        self.assertEqual(told["phones"][0]["number_e164"], "+79123456789")
        self.assertEqual(told["consents"][0]["kind"], "personal_data")
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", self.anna._name), ("res_id", "=", self.anna.id)]
            ),
            "a file on a card of the network would be everybody's",
        )
        with self.assertRaises(AccessError):
            self.anna.with_user(self.get_user("accountant")).action_export_data()

    def test_what_was_agreed_to_does_not_change_whoever_asks(self):
        consent = self.give()
        for role in ("registrar", "call_center", "registrar_chief", "owner", "system"):
            as_role = consent.with_user(self.get_user(role))
            for vals in (
                {"kind": "marketing"},
                {"date": "2020-01-01 00:00:00"},
                {"version": "x"},
                {"patient_id": self.make_patient().id},
                {"revoked": "2099-01-01 00:00:00"},
            ):
                with self.subTest(role=role, vals=vals), self.assertRaises(UserError):
                    as_role.write(vals)
        consent.with_user(self.registrar).action_revoke()
        self.assertTrue(consent.revoked)
        consent.with_user(self.registrar).archive_with_reason("Noted twice")
        self.assertFalse(consent.active)


@tagged("post_install", "-at_install")
class TestPersonalData(HttpCase):
    def test_the_file_is_made_for_whoever_may_write_the_card(self):
        patient = self.env["clinic.patient"].create({"name": "Ким Анна"})
        path = f"/clinic/patient/{patient.id}/data"
        for role, status in (("registrar", 200), ("accountant", 404)):
            user = make_role_user(self.env, role, password="clinic_role_user")
            self.authenticate(user.login, "clinic_role_user")
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, status)
            self.assertEqual("Ким" in answer.text, status == 200)
            self.assertEqual(self.url_open("/clinic/patient/0/data").status_code, 404)
        self.assertNotIn("Ким", answer.headers.get("Content-Disposition", ""))
        self.authenticate(None, None)
        answer = self.url_open(path, allow_redirects=False)
        self.assertNotIn("Ким", answer.text)
