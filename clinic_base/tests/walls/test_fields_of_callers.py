from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

from ..common import ClinicCommon


class TestFieldsOfCallers(ClinicCommon):
    """A list of records that the caller may not read is not the caller's field."""

    def setUp(self):
        super().setUp()
        self.card = self.make_patient().with_user(self.get_user("registrar"))

    def test_a_card_is_read_without_saying_which_fields(self):
        [row] = self.card.search_read([("id", "=", self.card.id)])
        self.assertEqual(row["name"], self.card.name)
        self.assertNotIn("rtc_session_ids", row)
        self.assertIn("phone_ids", row)

    def test_who_may_read_the_records_has_the_list(self):
        self.assertIn("rtc_session_ids", self.card.sudo().fields_get())

    def test_a_closed_list_that_is_named_is_described_and_refused(self):
        self.assertIn("rtc_session_ids", self.card.fields_get(["rtc_session_ids"]))
        with self.assertRaises(AccessError):
            self.card.read(["rtc_session_ids"])

    def test_names_of_choices_are_in_the_callers_language_if_the_call_names_none(self):
        registrar = self.get_user("registrar")
        registrar.lang = "ru_RU"
        relations = self.env["clinic.patient.relation"].with_user(registrar)
        silent = relations.with_context(lang=None)
        asked = (["kind"], ["string", "selection"])
        told = get_public_method(silent, "fields_get")(silent, *asked)
        self.assertEqual(told, relations.with_context(lang="ru_RU").fields_get(*asked))
        self.assertNotEqual(told, silent.fields_get(*asked))
