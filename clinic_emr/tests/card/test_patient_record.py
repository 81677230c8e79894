"""Alerts, problems, quick phrases, copying, closing: what surrounds a protocol."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestPatientRecord(EncounterCommon):
    def draft(self, **vals):
        return self.create_encounter(**{"date": self.now, **vals})

    def alert(self, text, user=None, **vals):
        alerts = self.env(user=(user or self.medic).id)["clinic.patient.alert"]
        return alerts.create({"patient_id": self.patient.id, "text": text, **vals})

    # === ALERTS === #

    def test_alerts_stand_at_the_top_of_every_encounter_the_dangerous_first(self):
        encounter = self.open_encounter()
        self.alert("Пыль", severity="1_low")
        self.alert("Пенициллин", severity="3_high", reaction="отёк")
        encounter.invalidate_recordset()
        texts = [alert["text"] for alert in encounter.alerts]
        self.assertEqual(texts, ["Пенициллин", "Пыль"])
        self.assertFalse(self.draft(patient_id=self.other_patient.id).alerts)

    def test_alerts_hold_between_their_days_and_until_archived(self):
        encounter = self.open_encounter()
        today = fields.Date.today()
        self.alert("Прошло", date_to=today - timedelta(days=2))
        self.alert("Будет", date_from=today + timedelta(days=2))
        now = self.alert("Сейчас", date_to=today + timedelta(days=1))
        self.assertEqual([a["text"] for a in encounter.alerts], ["Сейчас"])
        now.archive_with_reason("Ошибка")
        encounter.invalidate_recordset()
        self.assertFalse(encounter.alerts)

    def test_alerts_are_seen_by_who_receives_the_patient_and_nobody_else(self):
        alert = self.alert("Пенициллин")
        self.assertEqual(alert.with_user(self.chief).text, "Пенициллин")
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self.alert("Чужой", patient_id=self.other_patient.id)
        chief_desk = self.create_user("desk_chief", "group_registrar_chief")
        system = self.env.ref("base.user_admin")
        for user in (self.other_medic, self.registrar, chief_desk, system):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                alert.with_user(user).read(["text"])

    # === PROBLEMS === #

    def test_signed_diagnoses_become_problems_and_come_back_when_closed(self):
        encounter = self.fill(self.open_encounter())
        problems = encounter.env["clinic.patient.problem"]
        own = [("patient_id", "=", self.patient.id)]
        self.assertFalse(problems.search(own))
        encounter.action_sign()
        problem = problems.search(own)
        self.assertEqual((problem.icd10_id, problem.state), (self.code, "open"))
        problem.action_close()
        self.assertEqual(problem.state, "closed")
        again = self.fill(self.draft(date=self.now + timedelta(days=7)))
        again.action_sign()
        self.assertEqual(problems.search(own), problem)
        self.assertEqual((problem.state, problem.closed_on), ("open", False))
        self.assertGreater(problem.last_on, problem.first_on)

    def test_a_problem_is_no_business_of_the_desk(self):
        self.fill(self.open_encounter()).action_sign()
        for user in (self.registrar, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env(user=user.id)["clinic.patient.problem"].search_count([])

    # === COPYING === #

    def test_the_last_visit_fills_what_is_empty_and_keeps_what_is_written(self):
        last = self.fill(self.draft(date=self.now - timedelta(days=7)))
        last.action_sign()
        encounter = self.open_encounter()
        encounter.complaint = "Кашель"
        answer = encounter.action_copy_last()
        self.assertEqual(
            (encounter.complaint, encounter.conclusion), ("Кашель", "ОРВИ")
        )
        self.assertEqual(encounter.diagnosis_ids.icd10_id, self.code)
        self.assertIn("Complaints", answer["params"]["message"])
        encounter.action_copy_last()
        self.assertEqual(len(encounter.diagnosis_ids), 1)

    def test_without_an_earlier_visit_nothing_is_copied(self):
        encounter = self.open_encounter()
        answer = encounter.action_copy_last()
        self.assertIn("no earlier", answer["params"]["message"])
        self.fill(encounter).action_sign()
        with self.assertRaisesRegex(UserError, "amendment"):
            encounter.action_copy_last()

    # === PHRASES === #

    def test_phrases_are_ones_own_and_those_of_ones_specialty(self):
        specialty = self.env["clinic.specialty"].create({"name": "X", "code": "x"})
        self.specialist.specialty_ids = specialty
        as_chief = self.env(user=self.chief.id)["clinic.phrase"]
        as_medic = self.env(user=self.medic.id)["clinic.phrase"]
        shared = as_chief.create(
            {"name": "общее", "text": "О", "specialty_id": specialty.id}
        )
        as_medic.create({"name": "моё", "text": "М"})
        as_other = self.env(user=self.other_medic.id)["clinic.phrase"]
        as_other.create({"name": "чужое", "text": "Ч"})
        names = {phrase["name"] for phrase in as_medic.get_offered()}
        self.assertEqual(names, {"моё", "общее"})
        self.assertNotIn("общее", [p["name"] for p in as_other.get_offered()])
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            shared.with_user(self.medic).text = "Иначе"
        with self.assertRaises(AccessError):
            self.env(user=self.registrar.id)["clinic.phrase"].get_offered()

    # === CLOSING === #

    def test_a_specialist_does_not_end_a_visit_without_signing(self):
        encounter = self.fill(self.open_encounter())
        visit = self.visit.with_user(self.medic)
        visit.action_arrive()
        visit.action_start()
        with self.assertRaisesRegex(UserError, "not signed"):
            visit.action_done()
        self.assertEqual((visit.state, encounter.complaint), ("in_progress", "Насморк"))
        encounter.action_sign()
        self.assertEqual(visit.state, "done")

    def test_the_desk_learns_nothing_of_a_draft(self):
        self.fill(self.open_encounter())
        visit = self.visit.with_user(self.registrar)
        visit.action_arrive()
        visit.action_start()
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_pasted_scripts_stay_text(self):
        encounter = self.open_encounter()
        encounter.conclusion = "<script>alert(1)</script>"
        self.assertEqual(encounter.conclusion, "<script>alert(1)</script>")
        html, _kind = encounter.env["ir.actions.report"]._render_qweb_html(
            "clinic_emr.report_encounter", encounter.ids
        )
        self.assertNotIn("<script>alert", html.decode())
        self.assertIn("&lt;script&gt;alert", html.decode())
