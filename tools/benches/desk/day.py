"""A full day of a big branch."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

ROOMS = 60
VISITS = 800
WEEK = 14  # visits of one specialist on each other day of the week
TZ = "Europe/Moscow"
LOGIN = "bench_registrar"
CALLER = "Zorin Pavel"


class Day:
    """60 specialists, each with a room and a shift from 9 to 18, and 800 visits.

    The first one has a full week.
    """

    def __init__(self, env: Any) -> None:
        self.env = env
        self.date = (datetime.now() + timedelta(days=1)).date()

    def fill(self) -> None:
        """Records that rules read come through the ORM, the visits through SQL."""
        env = self.env
        self.branch = env["clinic.branch"].create({"name": "Bench", "tz": TZ})
        departments = env["clinic.department"].create(
            [{"name": f"Floor {n}", "branch_id": self.branch.id} for n in range(6)]
        )
        self.rooms = env["clinic.room"].create(
            [
                {"name": f"Room {n:02}", "department_id": departments[n // 10].id}
                for n in range(ROOMS)
            ]
        )
        self.service = env["product.product"].create(
            {
                "name": "Consultation",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
                "lst_price": 100.0,
            }
        )
        self.specialists = env["clinic.specialist"].create(
            [
                {
                    "name": f"Specialist {n:02}",
                    "service_line_ids": [(0, 0, {"product_id": self.service.id})],
                }
                for n in range(ROOMS)
            ]
        )
        self.patients = env["clinic.patient"].create(
            [{"name": f"Patient {n:03}"} for n in range(VISITS)] + [{"name": CALLER}]
        )
        self.registrar = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Registrar",
                    "login": LOGIN,
                    "password": LOGIN,
                    "tz": TZ,
                    "group_ids": [(4, env.ref("clinic_base.group_registrar").id)],
                }
            )
        )
        self._fill_shifts(self.date, ROOMS)
        self._fill_visits(self.date, ROOMS, VISITS)
        monday = self.date - timedelta(days=self.date.weekday())
        for other in (monday + timedelta(days=number) for number in range(7)):
            if other != self.date:
                self._fill_shifts(other, 1)
                self._fill_visits(other, 1, WEEK)
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()

    def _fill_shifts(self, date: date, rooms: int) -> None:
        self.env["clinic.shift"].create(
            [
                {
                    "specialist_id": specialist.id,
                    "branch_id": self.branch.id,
                    "room_id": room.id,
                    "start": f"{date} 06:00:00",
                    "stop": f"{date} 15:00:00",
                }
                for specialist, room in zip(
                    self.specialists[:rooms], self.rooms[:rooms], strict=True
                )
            ]
        )
        self.env.flush_all()

    def _fill_visits(self, date: date, rooms: int, visits: int) -> None:
        self.env.cr.execute(
            """
            WITH place AS (
                SELECT number, number %% %(rooms)s AS place, number / %(rooms)s AS turn
                  FROM generate_series(0, %(visits)s - 1) number
            ), visit AS (
                INSERT INTO clinic_appointment (
                       specialist_id, room_id, branch_id, company_id, service_id,
                       patient_id, start, stop, state, session_id, seat, active)
                SELECT (%(specialist_ids)s)[place + 1], (%(room_ids)s)[place + 1],
                       %(branch)s, %(company)s, %(service)s,
                       (%(patient_ids)s)[number + 1], span.start,
                       span.start + interval '30 min',
                       (ARRAY['booked', 'confirmed', 'arrived', 'done'])
                           [number %% 4 + 1],
                       nextval('clinic_session_id_seq'), 1, TRUE
                  FROM place
                 CROSS JOIN LATERAL (
                       SELECT %(day)s::timestamp + interval '6 hours'
                              + turn * interval '35 min' AS start) span
             RETURNING *
            )
            INSERT INTO clinic_occupancy (
                   role, resource_id, patient_id, appointment_id, session_id, start,
                   stop, kind, active, overbooked)
            SELECT owner.role, owner.resource_id, owner.patient_id, visit.id,
                   session_id, start, stop, 'visit', TRUE, FALSE
              FROM visit
              JOIN clinic_specialist specialist ON specialist.id = visit.specialist_id
              JOIN clinic_room room ON room.id = visit.room_id
             CROSS JOIN LATERAL (VALUES
                   ('specialist', specialist.resource_id, NULL::int),
                   ('room', room.resource_id, NULL),
                   ('patient', NULL, visit.patient_id)
                   ) owner(role, resource_id, patient_id)
            """,
            {
                "rooms": rooms,
                "visits": visits,
                "specialist_ids": self.specialists.ids,
                "room_ids": self.rooms.ids,
                "patient_ids": self.patients.ids,
                "branch": self.branch.id,
                "company": self.branch.company_id.id,
                "service": self.service.id,
                "day": str(date),
            },
        )
        self.env.invalidate_all()

    def read(self) -> Any:
        """The board's data with the registrar's rights and a cold ORM cache."""
        self.env.invalidate_all()
        visits = self.env["clinic.appointment"].with_user(self.registrar)
        return visits.get_board({"branch_id": self.branch.id, "day": str(self.date)})
