"""A network in a database: specialists, rooms, two years of visits, a full future."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

from worlds import World

SPECIALISTS = 300
ROOMS = 100
BUSY = 100  # specialists who have visits so far, each in a room of their own
DAYS_AHEAD = 200
SLOTS_A_DAY = 18  # of 30 minutes, from 9:00 to 18:00
FORMAT = "%Y-%m-%d %H:%M:%S"


@contextmanager
def environment(database: str, configuration: str) -> Iterator[Any]:
    """Superuser's environment on ``database``, in this process."""
    import odoo.api
    import odoo.tools
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(
        ["--config", configuration, "--database", database, "--log-level", "error"]
    )
    registry = Registry(database)
    with registry.cursor() as cr:
        yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})


class Network(World):
    """300 specialists, 100 rooms, two years of visits, 70 % of the future booked."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.visits = env["clinic.appointment"]
        self.today = datetime.now(timezone.utc).replace(
            hour=0, minute=0, second=0, microsecond=0, tzinfo=None
        )

    def fill(self) -> None:
        self.rooms = self.add_rooms(ROOMS)
        self.specialists = self.add_specialists(SPECIALISTS)
        self.patients = self.add_patients(50)
        self.env.flush_all()
        self._set_foreign_keys("replica")
        self._fill_shifts()
        self._drop_exclusions()
        self._fill_visits(-730, -1, 0.22, BUSY)
        self._fill_visits(1, 60, 0.70, BUSY)
        self._fill_visits(61, DAYS_AHEAD, 0.70, 1)
        self._set_foreign_keys("origin")
        self._restore_exclusions()

    def _set_foreign_keys(self, mode: str) -> None:
        """Rows made of known ids need no check, where the server lets us skip it."""
        self.env.cr.execute(
            "SELECT set_config('session_replication_role', %s, false)"
            "  FROM pg_roles WHERE rolname = current_user AND rolsuper",
            [mode],
        )

    def _drop_exclusions(self) -> None:
        """A filled index is built at once; the constraints come back in full force."""
        definitions = []
        for role in ("resource", "patient"):
            name = f"clinic_occupancy_{role}_no_overlap"
            self.env.cr.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conname = %s",
                [name],
            )
            definitions.append((name, self.env.cr.fetchone()[0]))
            self.env.cr.execute(f"ALTER TABLE clinic_occupancy DROP CONSTRAINT {name}")
        self._exclusions = definitions

    def _restore_exclusions(self) -> None:
        for name, definition in self._exclusions:
            self.env.cr.execute(
                f"ALTER TABLE clinic_occupancy ADD CONSTRAINT {name} {definition}"
            )

    def set_rooms(self, planned: bool) -> None:
        """Give the first specialists a room each, or let any room do."""
        self.env.cr.execute(
            """
            UPDATE clinic_shift shift
               SET room_id = CASE WHEN %s THEN room.id END
              FROM unnest(%s) WITH ORDINALITY room(id, number)
              JOIN unnest(%s) WITH ORDINALITY specialist(id, number) USING (number)
             WHERE shift.specialist_id = specialist.id
            """,
            [planned, self.rooms.ids, self.specialists[:BUSY].ids],
        )
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE clinic_shift")
        self.env.cr.commit()

    def _fill_shifts(self) -> None:
        self.env.cr.execute(
            """
            INSERT INTO clinic_shift (
                   specialist_id, branch_id, start, stop, active, telemedicine,
                   room_shared, edited)
            SELECT specialist_id, %s, day + time '06:00', day + time '15:00',
                   TRUE, FALSE, FALSE, TRUE
              FROM unnest(%s) specialist_id,
                   generate_series(%s::timestamp, %s::timestamp, '1 day') day
             WHERE EXTRACT(ISODOW FROM day) <> 7
            """,
            [
                self.branch.id,
                self.specialists.ids,
                self.today,
                self.today + timedelta(days=DAYS_AHEAD),
            ],
        )

    def _fill_visits(self, first: int, last: int, share: float, count: int) -> None:
        """Visits of the first specialists, each in a room of their own."""
        self.add_visits(
            """
            SELECT specialist.id AS specialist_id, room.id AS room_id,
                   %(patient)s AS patient_id, slot AS start,
                   slot + interval '30 min' AS stop,
                   CASE WHEN %(first)s < 0 THEN 'done' ELSE 'booked' END AS state
              FROM unnest(%(specialists)s) WITH ORDINALITY specialist(id, number)
              JOIN unnest(%(rooms)s) WITH ORDINALITY room(id, number)
                ON room.number = (specialist.number - 1) %% %(room_count)s + 1
             CROSS JOIN generate_series(
                   %(today)s::timestamp + make_interval(days => %(first)s),
                   %(today)s::timestamp + make_interval(days => %(last)s),
                   '1 day') day
             CROSS JOIN LATERAL (
                   SELECT day + time '06:00' + number * interval '30 min' AS slot
                     FROM generate_series(0, %(slots)s - 1) number) slot
             WHERE EXTRACT(ISODOW FROM day) <> 7
               AND specialist.number <= %(count)s
               AND random() < %(share)s
            """,
            # One patient has all visits.
            roles=("specialist", "room"),
            patient=self.patients[0].id,
            specialists=self.specialists.ids,
            rooms=self.rooms.ids,
            room_count=ROOMS,
            count=count,
            today=self.today,
            first=first,
            last=last,
            slots=SLOTS_A_DAY,
            share=share,
        )

    def get_visits(self) -> list[tuple[int, datetime]]:
        """(number of the specialist, start in UTC) of all visits of the first ones."""
        self.env.cr.execute(
            """
            SELECT specialist.number, visit.start
              FROM clinic_appointment visit
              JOIN unnest(%s) WITH ORDINALITY specialist(id, number)
                ON specialist.id = visit.specialist_id
            """,
            [self.specialists[:BUSY].ids],
        )
        return self.env.cr.fetchall()

    def criteria(self, specialists: int, days: int, **more: Any) -> dict[str, Any]:
        return {
            "service_id": self.service.id,
            "specialist_ids": self.specialists[:specialists].ids,
            "date_from": self.at(0),
            "date_to": self.at(days),
            **more,
        }

    def at(self, days: int, minutes: int = 0) -> str:
        moment = self.today + timedelta(days=days + 1, minutes=minutes)
        return moment.strftime(FORMAT)
