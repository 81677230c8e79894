from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tools.access_trail import TrailKey

from ..common import EncounterCommon


class Nobody:
    """An entry of the trail without records."""

    record_ids = patient_ids = ()


@tagged("post_install", "-at_install")
class TestCompanies(EncounterCommon):
    """A chief physician of a company in which the patient never was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = cls.make_chief("stranger", cls.elsewhere)
        cls.own = cls.env["clinic.patient.alert"].create(
            {"patient_id": cls.patient.id, "text": "Пенициллин"}
        )

    @classmethod
    def make_chief(cls, login, companies):
        return new_test_user(
            cls.env,
            login,
            groups="clinic_base.group_medical_chief",
            company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )

    def setUp(self):
        super().setUp()
        encounter = self.fill(self.open_encounter())
        encounter.action_sign()
        self.env["clinic.medical.card"].with_user(self.medic).get_for(self.patient)
        log = self.env["clinic.access.log"]
        # The trail of a transaction is written after its end.
        trail = log._get_trail()
        entries = trail.take()
        rows = [log._prepare_row(key, entry) for key, entry in entries.items()]
        log.with_user(self.medic)._append(self.env.cr, rows)
        self.env.flush_all()
        self.env.invalidate_all()

    def find_rows(self):
        """{model: rows with the patient} of all medical models, and the access log."""
        found = {}
        for name in sorted(self.env.registry):
            model = self.env[name]
            medical = getattr(model, "_clinic_medical", False)
            if not (medical or name == "clinic.access.log") or model._abstract:
                continue
            if "patient_id" in model._fields:
                own = [("patient_id", "=", self.patient.id)]
                if rows := model.with_context(active_test=False).search(own):
                    found[name] = rows
        return found

    def test_a_chief_elsewhere_reads_nothing_medical(self):
        found = self.find_rows()
        for name in (
            "clinic.access.log",
            "clinic.encounter",
            "clinic.medical.card",
            "clinic.patient.alert",
            "clinic.patient.problem",
        ):
            self.assertIn(name, found)
        for name, rows in found.items():
            with (
                self.subTest(model=name),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                model = self.env[name].with_user(self.stranger)
                self.assertFalse(model.search([]) & rows)
                self.assertFalse(model.search_count([("id", "in", rows.ids)]))
                for row in rows.with_user(self.stranger):
                    with self.assertRaises(AccessError):
                        row.read(["patient_id"])

    def test_the_chief_of_the_branch_reads_all_of_it(self):
        for name, rows in self.find_rows().items():
            with self.subTest(model=name):
                own = rows.with_user(self.chief)
                self.assertEqual(own.search([("id", "in", rows.ids)]), own)
                own.read(["patient_id"])

    def test_an_emergency_is_told_to_the_chiefs_of_the_company(self):
        accesses = self.env(user=self.other_medic.id)["clinic.emergency.access"]
        accesses.create({"patient_id": self.patient.id, "reason": "Без сознания"})
        messages = self.env["mail.message"]
        for chief, told in ((self.chief, True), (self.stranger, False)):
            own = [("partner_ids", "in", chief.partner_id.ids)]
            self.assertEqual(bool(messages.search(own)), told)

    def test_a_trespass_of_own_people_is_seen_whoever_the_patient_is(self):
        """Of a patient who was nowhere by somebody of several companies, too."""
        newcomer = self.env["clinic.patient"].create({"name": "Новый"})
        both = self.make_chief("both_again", self.elsewhere + self.visit.company_id)
        log = self.env["clinic.access.log"]
        row = {
            **log._prepare_row(TrailKey("clinic.encounter", "refused", None), Nobody()),
            "login_uid": both.id,
            "patient_ids": newcomer.ids,
        }
        log._append(self.env.cr, [row])
        seen = log.with_user(self.stranger).search([("login_uid", "=", both.id)])
        self.assertEqual(seen.patient_ids, newcomer.ids)

    def test_a_booking_of_ones_own_opens_nothing(self):
        """Elsewhere too a patient is drawn to nobody by a booking alone."""
        branch = self.env["clinic.branch"].create(
            {"name": "Elsewhere", "tz": self.tz, "company_id": self.elsewhere.id}
        )
        self.create_room("Room elsewhere", branch)
        shift = self.create_shift(
            branch=branch, specialist=self.create_specialist("Shared", self.service)
        )
        desk = self.stranger
        desk.sudo().group_ids += self.env.ref("clinic_base.group_registrar")
        visits = self.env["clinic.appointment"].with_user(desk)
        visit = visits.browse(
            visits.book(self.prepare("11:00", specialist=shift.specialist_id))
        )
        self.assertEqual(visit.company_id, self.elsewhere)
        alert = self.own.with_user(self.stranger)
        self.assertFalse(alert.search([("id", "=", alert.id)]))
        visit.sudo().action_arrive()
        self.assertTrue(alert.search([("id", "=", alert.id)]))

    def test_who_works_in_both_companies_reads_as_the_switch_stands(self):
        both = self.make_chief("both", self.elsewhere + self.visit.company_id)
        alerts = self.env["clinic.patient.alert"].with_user(both)
        own = [("id", "=", self.own.id)]
        for companies, seen in (
            (self.elsewhere, False),
            (self.visit.company_id, True),
            (self.elsewhere + self.visit.company_id, True),
        ):
            there = alerts.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(bool(there.search(own)), seen)
