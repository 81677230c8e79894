"""Whose records a specialist reads: by the chief's choice, or in an emergency."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EncounterCommon


@tagged("-at_install", "post_install")
class TestRecordScope(EncounterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["clinic.record.policy"].create(
            {"company_id": cls.other_medic.company_id.id}
        )

    def setUp(self):
        super().setUp()
        self.encounter = self.fill(self.open_encounter())
        self.env.flush_all()

    def read(self, user):
        """Whether ``user`` reads the protocol and its diagnosis."""
        encounters = self.env(user=user.id)["clinic.encounter"]
        encounters.invalidate_model()
        seen = encounters.search([("id", "=", self.encounter.id)])
        diagnoses = encounters.env["clinic.diagnosis"].search(
            [("encounter_id", "=", self.encounter.id)]
        )
        self.assertEqual(bool(seen), bool(diagnoses))
        return bool(seen) and seen.complaint == "Насморк"

    def open_in_emergency(self, user=None, reason="Без сознания"):
        accesses = self.env(user=(user or self.other_medic).id)[
            "clinic.emergency.access"
        ]
        return accesses.create({"patient_id": self.patient.id, "reason": reason})

    # === POLICY === #

    def test_others_patients_stay_closed_unless_the_chief_opens_them(self):
        self.assertFalse(self.read(self.other_medic))
        self.policy.with_user(self.chief).scope = "all"
        self.assertTrue(self.read(self.other_medic))

    def test_a_department_shares_its_patients(self):
        department = self.room.department_id
        self.policy.scope = "department"
        self.specialist.department_ids = department
        self.assertFalse(self.read(self.other_medic))
        self.other_specialist.department_ids = department
        self.assertTrue(self.read(self.other_medic))

    def test_a_patient_who_comes_brings_the_record_along(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        self.book("13:00", specialist=self.other_specialist)
        self.assertTrue(self.read(self.other_medic))

    def test_a_visit_that_was_given_up_opens_nothing(self):
        self.create_shift(self.other_specialist, hours="13:00-15:00")
        visit = self.book("13:00", specialist=self.other_specialist)
        self.assertTrue(self.read(self.other_medic))
        visit.cancel(self.env["clinic.cancel.reason"].search([], limit=1).id)
        self.assertFalse(self.read(self.other_medic))

    def test_who_wrote_a_protocol_reads_it_whatever_becomes_of_the_visit(self):
        reason = self.env["clinic.cancel.reason"].search([], limit=1)
        self.visit.sudo().cancel(reason.id)
        self.assertTrue(self.read(self.medic))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_open_record_is_read_and_not_written(self):
        self.policy.scope = "all"
        theirs = self.encounter.with_user(self.other_medic)
        for write in (
            lambda: theirs.write({"complaint": "Иное"}),
            lambda: theirs.diagnosis_ids.write({"kind": "accompanying"}),
        ):
            with self.assertRaises(AccessError):
                write()

    def test_nobody_but_the_chief_changes_the_policy(self):
        for user in (self.medic, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).scope = "all"

    def test_a_specialist_cannot_join_a_department(self):
        own = self.specialist.with_user(self.medic)
        with self.assertRaises(AccessError):
            own.department_ids = self.room.department_id

    # === EMERGENCY === #

    def test_an_emergency_opens_the_record_until_its_time_is_over(self):
        access = self.open_in_emergency()
        self.assertEqual(access.until - self.env.cr.now(), timedelta(hours=24))
        self.assertTrue(self.read(self.other_medic))
        self.freeze(access.until + timedelta(minutes=1), self.addCleanup)
        self.assertFalse(self.read(self.other_medic))

    def test_an_emergency_opens_it_for_one_person_and_one_patient(self):
        third = self.create_user("third", "group_medical")
        self.open_in_emergency()
        self.assertFalse(self.read(third))
        cards = self.env(user=self.other_medic.id)["clinic.medical.card"]
        self.assertTrue(cards._are_open(self.patient))
        self.assertFalse(cards._are_open(self.other_patient))

    def test_the_chief_is_told_at_once_and_the_notice_names_no_patient(self):
        self.open_in_emergency()
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.chief.partner_id.ids)], limit=1
        )
        self.assertIn(self.other_medic.name, notice.body)
        for secret in (self.patient.name, "Без сознания"):
            self.assertNotIn(secret, f"{notice.subject} {notice.body}")

    def test_an_emergency_needs_a_reason_and_is_never_changed(self):
        with self.assertRaises(UserError):
            self.open_in_emergency(reason="  ")
        access = self.open_in_emergency()
        for vals in ({"reason": "Иначе"}, {"until": "2099-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                access.write(vals)
            with self.assertRaises(UserError):
                access.with_user(self.chief).write(vals)
        access.with_user(self.chief).action_review()
        self.assertEqual(access.reviewed_by_id, self.chief)

    def test_the_chief_sees_what_was_read_in_an_emergency(self):
        access = self.open_in_emergency().with_user(self.chief)
        action = access.action_open_log()
        logs = self.env["clinic.access.log"].with_user(self.chief)
        key = {"login_uid": self.other_medic.id, "patient_ids": self.patient.ids}
        inside, outside = access.create_date, access.until + timedelta(minutes=1)
        self.write_log([{**key, "date": inside}, {**key, "date": outside}])
        self.write_log([{**key, "date": inside, "patient_ids": [0]}])
        row = logs.search(action["domain"])
        self.assertEqual((len(row), row.date), (1, inside))
        self.assertEqual((row.record_count, row.patient_count), (2, 1))
        kinds = dict(logs.fields_get(["model"])["model"]["selection"])
        self.assertEqual(kinds[row.model], "Encounter")

    def write_log(self, rows):
        common = {
            **{"login": "x", "remote_addr": None, "path": None, "job": None},
            **{"model": "clinic.encounter", "operation": "read", "record_ids": [1, 2]},
        }
        self.env["clinic.access.log"]._append(
            self.env.cr,
            [{**common, **row, "date": str(row["date"])} for row in rows],
        )

    def test_nobody_opens_for_another_or_for_longer(self):
        accesses = self.env(user=self.other_medic.id)["clinic.emergency.access"]
        access = accesses.create(
            {
                "patient_id": self.patient.id,
                "reason": "Без сознания",
                "user_id": self.medic.id,
                "until": "2099-01-01 00:00:00",
                "reviewed_on": "2026-01-01 00:00:00",
                "reviewed_by_id": self.chief.id,
            }
        )
        self.assertFalse(access.reviewed_on or access.reviewed_by_id)
        self.assertEqual(access.user_id, self.other_medic)
        self.assertLess(access.until.year, 2099)

    def test_the_card_leads_to_the_record_or_to_the_question(self):
        patient = self.patient.with_user(self.medic)
        action = patient.action_open_medical_record()
        self.assertEqual(action["res_model"], "clinic.medical.card")
        action = self.patient.with_user(self.other_medic).action_open_medical_record()
        self.assertEqual(action["res_model"], "clinic.emergency.access")
        with self.assertRaises(AccessError):
            self.patient.with_user(self.registrar).action_open_medical_record()
