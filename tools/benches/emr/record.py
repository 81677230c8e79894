"""A patient with a long record, and the visit that is opened now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from worlds import World

EARLIER = 500
FEW = 5
LOGIN = "bench_specialist"
BATCH = 100


class Record(World):
    """One specialist, a patient seen 500 times, another one seen 5 times."""

    def __init__(self, env: Any, earlier: tuple[int, ...] = (EARLIER, FEW)) -> None:
        super().__init__(env)
        self.earlier = earlier

    def fill(self) -> None:
        """Every protocol signed, with a diagnosis and a measured value."""
        env = self.env
        self.user = self.add_user(LOGIN, "clinic_base.group_medical")
        self.specialist = self.add_specialists(1, user_id=self.user.id)
        self.day = day = (datetime.now() + timedelta(days=1)).date()
        self.add_shifts(
            self.specialist, self.add_rooms(1), f"{day} 06:00:00", f"{day} 15:00:00"
        )
        self.visits = {}
        for number, (count, start) in enumerate(zip(self.earlier, ("07:00", "08:00"))):
            patient = env["clinic.patient"].create(
                {"name": f"Patient {number}", "birthdate": "1980-05-05", "sex": "male"}
            )
            visit = env["clinic.appointment"].book(
                {
                    "service_id": self.service.id,
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
        self.add_visits(
            """
            SELECT %(specialist)s AS specialist_id, NULL::int AS room_id,
                   %(patient)s AS patient_id, '2020-01-06 09:00'::timestamp AS start,
                   '2020-01-06 09:30'::timestamp AS stop, 'done' AS state
            """,
            roles=(),
            specialist=self.specialist.id,
            patient=patient.id,
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
