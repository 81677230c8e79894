"""Specialists with logins, and a visit to write about."""

from datetime import datetime

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon


class EncounterCommon(ScheduleCommon):
    # The morning of the visit, before it begins: protocols are signed on its day.
    now = datetime(2026, 3, 2, 5, 30)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.medic = cls.create_user("medic", "group_medical")
        cls.other_medic = cls.create_user("other_medic", "group_medical")
        cls.chief = cls.create_user("chief_medic", "group_medical_chief")
        cls.registrar = cls.create_user("desk", "group_registrar")
        cls.specialist.user_id = cls.medic
        cls.other_specialist.user_id = cls.other_medic
        cls.create_shift(room_id=cls.room.id)
        visit_id = cls.visits.book(
            {
                "service_id": cls.service.id,
                "specialist_id": cls.specialist.id,
                "patient_id": cls.patient.id,
                "start": cls.at(MONDAY, "09:00").strftime("%Y-%m-%d %H:%M:%S"),
            }
        )
        cls.visit = cls.visits.browse(visit_id)
        cls.code = cls.env["clinic.icd10"].search([("code", "=", "J06.9")])

    @classmethod
    def create_user(cls, login, group):
        return new_test_user(cls.env, login, groups=f"clinic_base.{group}")

    def open_encounter(self, user=None):
        """The visit's protocol, in the environment of ``user`` (the specialist's)."""
        visit = self.visit.with_user(user or self.medic)
        action = visit.action_open_encounter()
        return visit.env["clinic.encounter"].browse(action["res_id"])

    def create_encounter(self, **vals):
        """A protocol without a visit, as from an import, in the medic's environment."""
        encounters = self.env(user=self.medic.id)["clinic.encounter"]
        own = {"patient_id": self.patient.id, "specialist_id": self.specialist.id}
        return encounters.sudo().create({**own, **vals}).sudo(False)

    def fill(self, encounter):
        encounter.write(
            {
                "complaint": "Насморк",
                "conclusion": "ОРВИ",
                "diagnosis_ids": [(0, 0, {"icd10_id": self.code.id})],
            }
        )
        return encounter

    @classmethod
    def make_template(cls, env, **vals):
        """A published template: choice, scale, note, and their score."""
        lines = [
            {"kind": "section", "name": "Тревога"},
            {
                "kind": "choice",
                "name": "Настроение",
                "required": True,
                "option_ids": [
                    Command.create({"name": "никогда", "points": 0, "sequence": 1}),
                    Command.create({"name": "часто", "points": 2, "sequence": 2}),
                ],
            },
            {"kind": "scale", "name": "Сила", "low": 0, "high": 10},
            {"kind": "text", "name": "Подробнее"},
            {
                "kind": "score",
                "name": "Сумма",
                "observation_type_id": env.ref("clinic_emr.observation_type_phq9").id,
                "band_ids": [
                    Command.create({"low": 0, "high": 4, "name": "норма"}),
                    Command.create(
                        {"low": 5, "high": 12, "name": "умеренно", "level": "attention"}
                    ),
                ],
            },
        ]
        template = env["clinic.encounter.template"].create(
            {
                "name": "Первый приём",
                "line_ids": [
                    Command.create({"sequence": number, **line})
                    for number, line in enumerate(lines)
                ],
                **vals,
            }
        )
        template.action_publish()
        return template
