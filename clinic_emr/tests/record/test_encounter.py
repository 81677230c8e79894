from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestEncounter(EncounterCommon):
    def test_a_visit_has_one_protocol_however_often_it_is_opened(self):
        self.assertEqual(self.open_encounter(), self.open_encounter())

    def test_the_narrative_lies_sealed_in_the_database(self):
        encounter = self.fill(self.open_encounter())
        encounter.flush_recordset()
        self.env.cr.execute(
            "SELECT complaint, conclusion FROM clinic_encounter WHERE id = %s",
            [encounter.id],
        )
        for sealed in self.env.cr.fetchone():
            self.assertNotIn("ОРВИ".encode(), bytes(sealed))
            self.assertNotIn("Насморк".encode(), bytes(sealed))
        encounter.invalidate_recordset()
        self.assertEqual(encounter.complaint, "Насморк")

    def test_an_empty_protocol_cannot_be_signed(self):
        encounter = self.open_encounter()
        with self.assertRaisesRegex(UserError, "conclusion"):
            encounter.action_sign()
        encounter.conclusion = "ОРВИ"
        with self.assertRaisesRegex(UserError, "main diagnosis"):
            encounter.action_sign()

    def test_signing_locks_the_protocol_and_ends_the_visit(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        self.assertEqual(encounter.state, "signed")
        self.assertEqual(encounter.signed_by_id, self.medic)
        self.assertEqual(self.visit.state, "done")
        with self.assertRaisesRegex(UserError, "amendment"):
            encounter.complaint = "Кашель"
        with self.assertRaisesRegex(UserError, "amendment"):
            encounter.diagnosis_ids.kind = "accompanying"
        with self.assertRaises(UserError):
            encounter.action_sign()

    def test_a_visit_of_a_later_day_is_not_ended_by_a_signature(self):
        encounter = self.fill(self.open_encounter())
        # Sunday in Moscow, where it is an hour before the Monday of the visit.
        self.freeze(datetime(2026, 3, 1, 20, 0), self.addCleanup)
        with self.assertRaisesRegex(UserError, "03/02/2026"):
            encounter.action_sign()
        self.assertEqual((encounter.state, self.visit.state), ("draft", "booked"))
        # Midnight in Moscow; still Sunday in UTC.
        self.freeze(datetime(2026, 3, 1, 21, 0), self.addCleanup)
        encounter.action_sign()
        self.assertEqual((encounter.state, self.visit.state), ("signed", "done"))

    def test_whom_the_desk_has_received_is_signed_for_on_any_day(self):
        encounter = self.fill(self.open_encounter())
        self.freeze(datetime(2026, 3, 1, 9, 0), self.addCleanup)
        self.visit.with_user(self.registrar).action_arrive()
        encounter.action_sign()
        self.assertEqual((encounter.state, self.visit.state), ("signed", "done"))

    def test_a_diagnosis_taken_out_of_a_draft_is_kept_in_the_archive(self):
        encounter = self.fill(self.open_encounter())
        diagnosis = encounter.diagnosis_ids
        encounter.write({"diagnosis_ids": [Command.delete(diagnosis.id)]})
        self.assertFalse(encounter.diagnosis_ids)
        self.assertEqual((diagnosis.exists(), diagnosis.active), (diagnosis, False))
        with self.assertRaises(UserError):
            diagnosis.unlink()

    def test_the_hash_is_of_what_was_signed(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        self.assertEqual(encounter.content_hash, encounter._get_content_hash())

    def test_what_is_changed_behind_the_programs_back_is_shown_and_printed_so(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        self.assertFalse(encounter.is_altered)
        other = self.env["clinic.icd10"].search([("code", "=", "J00")])
        for statement, vals in (
            (
                "UPDATE clinic_diagnosis SET icd10_id = %s WHERE encounter_id = %s",
                [other.id, encounter.id],
            ),
            (
                # A hash that needs no key.
                "UPDATE clinic_encounter SET content_hash = %s WHERE id = %s",
                ["0" * 64, encounter.id],
            ),
        ):
            with self.env.cr.savepoint(flush=False) as kept:
                self.env.flush_all()
                self.env.cr.execute(statement, vals)
                self.env.invalidate_all()
                self.assertTrue(encounter.is_altered)
                report = self.env["ir.actions.report"].with_user(self.medic)
                html, _kind = report._render_qweb_html(
                    "clinic_emr.report_encounter", encounter.ids
                )
                self.assertIn("Not valid", html.decode())
                kept.rollback()
            self.env.invalidate_all()

    def test_a_signature_cannot_be_written_by_hand(self):
        encounter = self.open_encounter()
        for vals in ({"state": "signed"}, {"content_hash": "0" * 64}):
            with self.assertRaises(UserError):
                encounter.with_context(clinic_signing=True).write(vals)

    def test_only_the_specialist_of_the_visit_signs(self):
        encounter = self.fill(self.open_encounter())
        with self.assertRaises(AccessError):
            encounter.with_user(self.chief).action_sign()

    def test_an_amendment_keeps_the_original(self):
        encounter = self.fill(self.open_encounter())
        amendments = encounter.env["clinic.encounter.amendment"]
        vals = {"encounter_id": encounter.id, "reason": "Забыто", "text": "Кашель"}
        with self.assertRaises(UserError):
            amendments.create(vals)
        encounter.action_sign()
        before = encounter.content_hash
        amendment = amendments.create(vals)
        self.assertEqual(encounter.state, "amended")
        self.assertEqual(
            (encounter.complaint, encounter.content_hash), ("Насморк", before)
        )
        with self.assertRaises(AccessError):
            amendment.text = "Иначе"

    def test_a_code_out_of_use_cannot_be_chosen(self):
        self.code.archive_with_reason("withdrawn")
        with self.assertRaisesRegex(UserError, "no longer in use"):
            self.fill(self.open_encounter())

    def test_a_code_out_of_use_cannot_replace_another_one(self):
        encounter = self.fill(self.open_encounter())
        other = self.env["clinic.icd10"].search([("code", "=", "J00")])
        other.archive_with_reason("withdrawn")
        with self.assertRaisesRegex(UserError, "no longer in use"):
            encounter.diagnosis_ids.icd10_id = other.with_env(encounter.env)

    def test_nothing_is_moved_into_or_out_of_a_signed_protocol(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        draft = self.create_encounter()
        diagnosis = encounter.env["clinic.diagnosis"].create(
            {"encounter_id": draft.id, "icd10_id": self.code.id, "kind": "accompanying"}
        )
        with self.assertRaisesRegex(UserError, "amendment"):
            diagnosis.encounter_id = encounter
        for vals in ({"date": "2020-01-01"}, {"appointment_id": False}):
            with self.assertRaisesRegex(UserError, "amendment"):
                encounter.write(vals)

    def test_another_specialist_does_not_see_the_protocol_and_the_chief_does(self):
        encounter = self.fill(self.open_encounter())
        self.assertFalse(
            encounter.with_user(self.other_medic).search([("id", "=", encounter.id)])
        )
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            encounter.with_user(self.other_medic).read(["complaint"])
        self.assertEqual(encounter.with_user(self.chief).complaint, "Насморк")

    def test_the_desk_opens_no_protocol(self):
        with self.assertRaises(AccessError):
            self.open_encounter(self.registrar)

    def test_protocols_are_never_deleted(self):
        encounter = self.open_encounter()
        with self.assertRaises(UserError):
            encounter.sudo().unlink()

    def test_the_printed_protocol_can_be_read_by_a_machine(self):
        encounter = self.fill(self.open_encounter())
        html, _kind = encounter.env["ir.actions.report"]._render_qweb_html(
            "clinic_emr.report_encounter", encounter.ids
        )
        self.assertIn("J06.9", html.decode())
        self.assertIn("ОРВИ", html.decode())
