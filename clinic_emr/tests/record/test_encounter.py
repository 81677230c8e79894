from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import EncounterCommon

LOG = "odoo.addons.clinic_emr.models.record.clinic_access_log"


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

    def assertAltered(self, encounter, statement, *values):
        """``statement``, run outside of the program, is shown and printed."""
        with self.env.cr.savepoint(flush=False) as kept:
            self.env.flush_all()
            self.env.cr.execute(statement, [*values, encounter.id])
            self.env.invalidate_all()
            self.assertTrue(encounter.is_altered, statement)
            self.assertIn("Not valid", self.print_out(encounter))
            kept.rollback()
        self.env.invalidate_all()

    def print_out(self, encounter):
        report = self.env["ir.actions.report"].with_user(self.medic)
        html, _kind = report._render_qweb_html(
            "clinic_emr.report_encounter", encounter.ids
        )
        return html.decode()

    def sign(self, encounter):
        """Sign, and note it as after the commit, which tests never come to."""
        encounter.action_sign()
        self.commit()

    def commit(self):
        """What follows a commit."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    def test_when_where_and_by_whom_are_signed_too(self):
        encounter = self.fill(self.open_encounter())
        self.sign(encounter)
        self.assertFalse(encounter.is_altered)
        for column, value in (
            ("date", "2024-02-01 09:00:00"),
            ("signed_on", "2024-02-01 10:00:00"),
            ("signed_by_id", self.chief.id),
            ("branch_id", None),
            ("appointment_id", None),
            ("content_version", 1),
            ("signed_titles", None),
        ):
            with self.subTest(column=column):
                self.assertAltered(
                    encounter,
                    f"UPDATE clinic_encounter SET {column} = %s WHERE id = %s",
                    value,
                )

    def test_who_takes_a_signature_off_is_found_out(self):
        encounter = self.fill(self.open_encounter())
        self.sign(encounter)
        log = self.env["clinic.access.log"]
        self.assertFalse(log._find_unsigned())
        for statement in (
            "UPDATE clinic_encounter SET state = 'draft' WHERE id = %s",
            "UPDATE clinic_encounter SET state = 'draft', content_hash = NULL,"
            " signed_on = NULL, signed_by_id = NULL WHERE id = %s",
        ):
            self.assertAltered(encounter, statement)
        self.env.cr.execute(statement, [encounter.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "taken off"):
            encounter.conclusion = "Здоров"
        self.assertEqual(log._find_unsigned(), encounter.ids)
        self.assertIn(str(encounter.id), log._find_faults()[-1])

    def amend(self, encounter, text):
        amendment = encounter.env["clinic.encounter.amendment"].create(
            {"encounter_id": encounter.id, "reason": "Forgotten", "text": text}
        )
        self.commit()
        return amendment

    def test_who_takes_an_amendment_out_is_found_out(self):
        encounter = self.fill(self.open_encounter())
        self.sign(encounter)
        first, last = self.amend(encounter, "One"), self.amend(encounter, "Two")
        log = self.env["clinic.access.log"]
        self.assertFalse(encounter.is_altered)
        self.assertFalse(log._find_short())
        for one in (first, last):
            self.assertAltered(
                encounter,
                f"DELETE FROM clinic_encounter_amendment WHERE id = {one.id}"
                " AND encounter_id = %s",
            )
            self.assertAltered(
                encounter,
                f"UPDATE clinic_encounter_amendment SET active = FALSE"
                f" WHERE id = {one.id} AND encounter_id = %s",
            )
        self.env.cr.execute(
            "DELETE FROM clinic_encounter_amendment WHERE encounter_id = %s",
            [encounter.id],
        )
        self.assertAltered(
            encounter, "UPDATE clinic_encounter SET state = 'signed' WHERE id = %s"
        )
        self.assertEqual(log._find_short(), encounter.ids)
        self.assertIn("lack an amendment", " ".join(log._find_faults()))

    def test_an_amendment_that_was_moved_or_changed_is_found_out(self):
        encounter = self.fill(self.open_encounter())
        self.sign(encounter)
        amendment = self.amend(encounter, "One")
        other = self.create_encounter().id
        for column, value in (
            ("create_date", "2020-01-01 00:00:00"),
            ("create_uid", self.chief.id),
            ("content_hash", None),
            ("encounter_id", other),
        ):
            with self.subTest(column=column):
                self.assertAltered(
                    encounter,
                    f"UPDATE clinic_encounter_amendment SET {column} = %s"
                    f" WHERE id = {amendment.id} AND encounter_id = %s",
                    value,
                )

    def test_what_was_altered_is_found_at_night_and_by_the_doctor(self):
        encounter = self.fill(self.open_encounter())
        self.sign(encounter)
        log = self.env["clinic.access.log"]
        self.assertNotIn(encounter.id, log._find_altered())
        self.env.cr.execute(
            "UPDATE clinic_encounter SET date = '2020-01-01' WHERE id = %s",
            [encounter.id],
        )
        self.env.invalidate_all()
        self.assertIn(encounter.id, log._find_altered())
        self.assertIn("not what was signed", " ".join(log._find_faults()))

    def test_old_protocols_have_their_turn_night_after_night(self):
        for _number in range(3):
            self.sign(self.fill(self.create_encounter()))
        log = self.env["clinic.access.log"]
        looked_at = []
        with (
            patch(f"{LOG}.BATCH", 1),
            patch.object(type(log), "_tell_of_faults", lambda self: None),
        ):
            for _night in range(3):
                looked_at.append(log._get_looked_at()[1].id)
                log._cron_check()
        self.assertEqual(len(set(looked_at)), 3)

    def test_a_protocol_put_away_by_sql_is_found_out(self):
        encounter = self.fill(self.open_encounter())
        self.sign(encounter)
        self.env.cr.execute(
            "UPDATE clinic_encounter SET active = FALSE WHERE id = %s", [encounter.id]
        )
        log = self.env["clinic.access.log"]
        self.assertEqual(log._find_unsigned(), encounter.ids)

    def test_a_draft_that_was_never_signed_is_no_finding(self):
        encounter = self.fill(self.open_encounter())
        self.assertFalse(encounter.is_altered)
        self.assertNotIn("Not valid", self.print_out(encounter))

    def test_signatures_from_before_are_noted_at_night_if_they_are_true(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        self.env.cr.postcommit.clear()
        log = self.env["clinic.access.log"]
        log._note_old_signatures()
        self.commit()
        # It may be about to be noted.
        self.assertFalse(encounter._find_signed_once())
        self.freeze(self.env.cr.now() + timedelta(hours=2), self.addCleanup)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE clinic_encounter SET content_hash = 'x' WHERE id = %s RETURNING id",
            [encounter.id],
        )
        self.env.invalidate_all()
        log._note_old_signatures()
        self.commit()
        self.assertFalse(encounter._find_signed_once())
        hash_ = encounter._get_content_hash()
        encounter._as_signing().content_hash = hash_
        log._note_old_signatures()
        self.commit()
        self.assertEqual(encounter._find_signed_once(), encounter)

    def test_signatures_of_the_first_form_stay_good(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        signing = encounter._as_signing()
        signing.write({"content_version": 0, "signed_titles": False})
        signing.content_hash = encounter._get_content_hash()
        self.env.invalidate_all()
        self.assertFalse(encounter.is_altered)
        self.assertNotIn("titles", encounter._get_signed_content())

    def test_a_protocol_says_what_was_signed_whatever_things_are_called_now(self):
        encounter = self.fill(self.open_encounter())
        encounter.vitals = {"weight": 79.1}
        self.sign(encounter)
        weight = self.env.ref("clinic_emr.observation_type_weight")
        title = self.code.name
        self.code.sudo().name = "Paranoid"
        weight.write({"digits": 0, "short_name": "Falsehood", "unit": "t"})
        self.env.flush_all()
        self.env.invalidate_all()
        text = self.print_out(encounter)
        self.assertFalse(encounter.is_altered)
        for shown in (title, "79.1", "kg"):
            self.assertIn(shown, text)
        for hidden in ("Paranoid", "Falsehood"):
            self.assertNotIn(hidden, text)
        self.assertEqual(encounter.diagnosis_ids.title, title)

    def test_nothing_of_a_signed_protocol_is_written_by_hand(self):
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        for vals in (
            {"revision": 5},
            {"field_revisions": {}},
            {"archive_reason": "x"},
            {"archived_on": "2026-01-01 00:00:00"},
            {"active": True},
            {"content_version": 1},
            {"signed_titles": {}},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                encounter.write(vals)
