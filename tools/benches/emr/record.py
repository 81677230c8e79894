"""A patient with a long record, and the visit that is opened now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

EARLIER = 500
FEW = 5
LOGIN = "bench_specialist"
TZ = "Europe/Moscow"
BATCH = 100


class Record:
    """One specialist, a patient seen 500 times, another one seen 5 times."""

    def __init__(self, env: Any, earlier: tuple[int, ...] = (EARLIER, FEW)) -> None:
        self.env = env
        self.earlier = earlier

    def fill(self) -> None:
        """Every protocol signed, with a diagnosis and a measured value."""
        env = self.env
        self.branch = env["clinic.branch"].create({"name": "Bench", "tz": TZ})
        department = env["clinic.department"].create(
            {"name": "Bench", "branch_id": self.branch.id}
        )
        room = env["clinic.room"].create(
            {"name": "Bench", "department_id": department.id}
        )
        self.service = service = env["product.product"].create(
            {
                "name": "Consultation",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
            }
        )
        self.user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Specialist",
                    "login": LOGIN,
                    "password": LOGIN,
                    "tz": TZ,
                    "group_ids": [(4, env.ref("clinic_base.group_medical").id)],
                }
            )
        )
        self.specialist = env["clinic.specialist"].create(
            {
                "name": "Specialist",
                "user_id": self.user.id,
                "service_line_ids": [(0, 0, {"product_id": service.id})],
            }
        )
        self.day = day = (datetime.now() + timedelta(days=1)).date()
        env["clinic.shift"].create(
            {
                "specialist_id": self.specialist.id,
                "branch_id": self.branch.id,
                "room_id": room.id,
                "start": f"{day} 06:00:00",
                "stop": f"{day} 15:00:00",
            }
        )
        self.visits = {}
        for number, (count, start) in enumerate(zip(self.earlier, ("07:00", "08:00"))):
            patient = env["clinic.patient"].create(
                {"name": f"Patient {number}", "birthdate": "1980-05-05", "sex": "male"}
            )
            visit = env["clinic.appointment"].book(
                {
                    "service_id": service.id,
                    "specialist_id": self.specialist.id,
                    "patient_id": patient.id,
                    "start": f"{day} {start}:00",
                }
            )
            env["clinic.appointment"].browse(visit).action_arrive()
            self._see(patient)
            self._write_protocols(patient, count)
            action = (
                self.as_specialist()["clinic.appointment"]
                .browse(visit)
                .action_open_encounter()
            )
            self.visits[count] = action["res_id"]
        env.cr.commit()

    def as_specialist(self) -> Any:
        return self.env(user=self.user.id)

    def _see(self, patient: Any) -> None:
        """A visit that took place, which is what opens the record."""
        self.env.cr.execute(
            """
            INSERT INTO clinic_appointment (
                   specialist_id, branch_id, company_id, service_id, patient_id,
                   start, stop, state, session_id, seat, active)
            VALUES (%s, %s, %s, %s, %s, '2020-01-06 09:00', '2020-01-06 09:30', 'done',
                   nextval('clinic_session_id_seq'), 1, TRUE)
            """,
            [
                self.specialist.id,
                self.branch.id,
                self.branch.company_id.id,
                self.service.id,
                patient.id,
            ],
        )

    def _write_protocols(self, patient: Any, count: int) -> None:
        env = self.as_specialist()
        code = env["clinic.icd10"].search([("code", "=", "I10")], limit=1)
        pulse = env.ref("clinic_emr.observation_type_pulse")
        now = datetime.now().replace(microsecond=0)
        for first in range(0, count, BATCH):
            # Sudo: protocols without visits, as from an import.
            encounters = (
                env["clinic.encounter"]
                .sudo()
                .create(
                    [
                        {
                            "patient_id": patient.id,
                            "specialist_id": self.specialist.id,
                            "branch_id": self.branch.id,
                            "date": now - timedelta(days=3 * (number + 1)),
                            "complaint": "Headache in the mornings. " * 8,
                            "conclusion": "Hypertension, under control. " * 8,
                            "diagnosis_ids": [(0, 0, {"icd10_id": code.id})],
                        }
                        for number in range(first, min(count, first + BATCH))
                    ]
                )
                .sudo(False)
            )
            env["clinic.observation"].create(
                [
                    {
                        "patient_id": patient.id,
                        "encounter_id": encounter.id,
                        "type_id": pulse.id,
                        "date": encounter.date,
                        "value": 60 + number % 30,
                    }
                    for number, encounter in enumerate(encounters)
                ]
            )
            for encounter in encounters:
                encounter.action_sign()
