"""What the chief counts, and what is handed out of a record."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestMorbidity(EncounterCommon):
    def sign(self, date=None, patient=None, code="J06.9", sign=True):
        """A protocol of its own, signed."""
        diagnosed = self.env["clinic.icd10"].search([("code", "=", code)])
        encounter = self.create_encounter(
            patient_id=(patient or self.patient).id,
            date=date or self.now,
            complaint="Насморк",
            conclusion="ОРВИ",
            diagnosis_ids=[(0, 0, {"icd10_id": diagnosed.id})],
        )
        if sign:
            encounter.action_sign()
        return encounter

    def count(self, *groups, domain=()):
        rows = self.env(user=self.chief.id)["clinic.morbidity"]
        found = rows._read_group(
            [("specialist_id", "=", self.specialist.id), *domain], groups, ["__count"]
        )
        return [tuple(row) for row in found]

    def test_signed_diagnoses_count_by_code_age_and_sex_of_the_day(self):
        self.patient.write({"birthdate": "2012-01-10", "sex": "female"})
        self.sign()
        self.sign(date=self.now - timedelta(days=3000))
        self.sign(sign=False, patient=self.patient)
        self.assertEqual(
            [row[0] for row in self.count("age_group")], ["00_14"], "on the day"
        )
        self.assertEqual(self.count("sex"), [("female", 2)])
        [(category, _count)] = self.count("category_id")
        self.assertEqual(category.code, "J06")

    def test_a_case_is_new_once_for_a_category(self):
        self.sign(date=self.now - timedelta(days=30))
        self.sign()
        self.assertEqual(self.count(domain=[("is_new", "=", True)]), [(1,)])
        self.assertEqual(self.count(), [(2,)])

    def test_only_the_chief_counts(self):
        for user in (self.medic, self.registrar, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env(user=user.id)["clinic.morbidity"].search([])

    # === COPIES === #

    def hand_out(self, encounters, user=None, **vals):
        copies = self.env(user=(user or self.medic).id)["clinic.record.copy"]
        return copies.create(
            {
                "patient_id": self.patient.id,
                "encounter_ids": [(6, 0, encounters.ids)],
                "handed_to": "Пациент, паспорт 45 10 123456",
                **vals,
            }
        )

    def test_a_copy_holds_the_chosen_protocols_and_stays_in_the_log(self):
        copy = self.hand_out(self.sign())
        with mute_logger("weasyprint"):
            page = copy.env["ir.actions.report"]._render_qweb_html(
                "clinic_emr.report_record_copy", copy.ids
            )[0]
        self.assertIn("ОРВИ", page.decode())
        with self.assertRaises(UserError):
            copy.with_user(self.chief).write({"handed_to": "Другой"})
        self.assertEqual(copy.with_user(self.chief).user_id, self.medic)

    def test_drafts_strangers_and_nobody_get_no_copy(self):
        signed, draft = self.sign(), self.sign(sign=False)
        for encounters, vals in (
            (draft, {}),
            (signed, {"handed_to": " "}),
            (signed.browse(), {}),
            (signed, {"patient_id": self.other_patient.id}),
        ):
            with self.assertRaises(UserError):
                self.hand_out(encounters, **vals)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_who_reads_the_record_hands_it_out(self):
        signed = self.sign()
        for user in (self.other_medic, self.registrar, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.hand_out(signed, user)
