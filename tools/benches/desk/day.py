"""A full day of a big branch."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from worlds import World

ROOMS = 60
FLOORS = 6
VISITS = 800
WEEK = 14  # visits of one specialist on each other day of the week
LOGIN = "bench_registrar"
CALLER = "Zorin Pavel"


class Day(World):
    """60 specialists, each with a room and a shift from 9 to 18, and 800 visits.

    The first one has a full week.
    """

    def __init__(self, env: Any) -> None:
        super().__init__(env, lst_price=100.0)
        self.date = (datetime.now() + timedelta(days=1)).date()

    def fill(self) -> None:
        env = self.env
        self.rooms = env["clinic.room"].union(
            *(
                self.add_rooms(ROOMS // FLOORS, self.add_department(f"Floor {floor}"))
                for floor in range(FLOORS)
            )
        )
        self.specialists = self.add_specialists(ROOMS)
        self.patients = self.add_patients(VISITS)
        self.patients |= env["clinic.patient"].create({"name": CALLER})
        self.registrar = self.add_user(LOGIN, "clinic_base.group_registrar")
        self._fill_day(self.date, ROOMS, VISITS)
        monday = self.date - timedelta(days=self.date.weekday())
        for other in (monday + timedelta(days=number) for number in range(7)):
            if other != self.date:
                self._fill_day(other, 1, WEEK)
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()

    def _fill_day(self, date: date, rooms: int, visits: int) -> None:
        """Shifts of the first specialists, and visits in turn with each of them."""
        self.add_shifts(
            self.specialists[:rooms],
            self.rooms[:rooms],
            f"{date} 06:00:00",
            f"{date} 15:00:00",
        )
        self.add_visits(
            """
            SELECT (%(specialist_ids)s)[number %% %(rooms)s + 1] AS specialist_id,
                   (%(room_ids)s)[number %% %(rooms)s + 1] AS room_id,
                   (%(patient_ids)s)[number + 1] AS patient_id,
                   span.start, span.start + interval '30 min' AS stop,
                   (ARRAY['booked', 'confirmed', 'arrived', 'done'])
                       [number %% 4 + 1] AS state
              FROM generate_series(0, %(visits)s - 1) number
             CROSS JOIN LATERAL (
                   SELECT %(day)s::timestamp + interval '6 hours'
                          + number / %(rooms)s * interval '35 min' AS start) span
            """,
            rooms=rooms,
            visits=visits,
            specialist_ids=self.specialists.ids,
            room_ids=self.rooms.ids,
            patient_ids=self.patients.ids,
            day=str(date),
        )

    def read(self) -> Any:
        """The board's data with the registrar's rights and a cold ORM cache."""
        self.env.invalidate_all()
        visits = self.env["clinic.appointment"].with_user(self.registrar)
        return visits.get_board({"branch_id": self.branch.id, "day": str(self.date)})
