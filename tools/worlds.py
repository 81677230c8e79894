"""A clinic to measure or to play in: people through the ORM, the mass through SQL.

Everything that rules read is made by the same methods that users have; visits, of which
there are hundreds of thousands, are inserted by one statement, with the occupancy that
the engine would have given them.
"""

from __future__ import annotations

from typing import Any

TZ = "Europe/Moscow"
PASSWORD = "bench"
# Owners of a visit's time; patients of a crowd may be left out.
ROLES = ("specialist", "room", "patient")


class World:
    """A branch with one department and one service, and what is added by number.

    :param env: of the superuser
    :param service: values of the service
    """

    def __init__(self, env: Any, tz: str = TZ, **service: Any) -> None:
        self.env = env
        self.branch = env["clinic.branch"].create({"name": "Bench", "tz": tz})
        self.department = self.add_department("Bench")
        self.service = self.add_service(**service)

    # === RECORDS === #

    def add_department(self, name: str) -> Any:
        return self.env["clinic.department"].create(
            {"name": name, "branch_id": self.branch.id}
        )

    def add_rooms(self, count: int, department: Any = None) -> Any:
        department = department or self.department
        return self.env["clinic.room"].create(
            [
                {"name": f"Room {number:03}", "department_id": department.id}
                for number in range(count)
            ]
        )

    def add_service(self, **vals: Any) -> Any:
        """A service of half an hour that carries no tax."""
        return self.env["product.product"].create(
            {
                "name": "Consultation",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
                "taxes_id": False,
                **vals,
            }
        )

    def add_specialists(self, count: int, **vals: Any) -> Any:
        """Each does the world's service."""
        return self.env["clinic.specialist"].create(
            [
                {
                    "name": f"Specialist {number:03}",
                    "service_line_ids": [(0, 0, {"product_id": self.service.id})],
                    **vals,
                }
                for number in range(count)
            ]
        )

    def add_patients(self, count: int, **vals: Any) -> Any:
        return self.env["clinic.patient"].create(
            [{"name": f"Patient {number:03}", **vals} for number in range(count)]
        )

    def add_user(self, login: str, *groups: str) -> Any:
        """Somebody who signs in with PASSWORD.

        :param groups: external ids
        """
        users = self.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "name": login,
                "login": login,
                "password": PASSWORD,
                "tz": self.branch.tz,
                "group_ids": [(4, self.env.ref(group).id) for group in groups],
            }
        )

    def add_shifts(self, specialists: Any, rooms: Any, start: Any, stop: Any) -> Any:
        """One for each specialist, in the room at the same place of ``rooms`` if any.

        :param start: UTC, as ``stop``
        """
        room_ids = rooms.ids if rooms else [False] * len(specialists)
        return self.env["clinic.shift"].create(
            [
                {
                    "specialist_id": specialist.id,
                    "branch_id": self.branch.id,
                    "room_id": room_id,
                    "start": start,
                    "stop": stop,
                }
                for specialist, room_id in zip(specialists, room_ids, strict=True)
            ]
        )

    # === VISITS === #

    def add_visits(
        self, source: str, roles: tuple[str, ...] = ROLES, **params: Any
    ) -> list[int]:
        """Insert the visits that ``source`` selects; ids in its order.

        :param source: a SELECT of ``specialist_id``, ``room_id``, ``patient_id``,
            ``start``, ``stop`` (UTC) and ``state``
        :param roles: whose time they take; none leaves the past unoccupied
        :param params: of ``source``
        """
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            WITH visit AS (
                INSERT INTO clinic_appointment (
                       specialist_id, room_id, branch_id, company_id, service_id,
                       patient_id, start, stop, state, session_id, seat, active)
                SELECT specialist_id, room_id, %(branch)s, %(company)s, %(service)s,
                       patient_id, start, stop, state,
                       nextval('clinic_session_id_seq'), 1, TRUE
                  FROM ({source}) wanted
             RETURNING *
            ), occupied AS (
                INSERT INTO clinic_occupancy (
                       role, resource_id, patient_id, appointment_id, session_id,
                       start, stop, kind, active, overbooked)
                SELECT owner.role, owner.resource_id, owner.patient_id, visit.id,
                       session_id, start, stop, 'visit', TRUE, FALSE
                  FROM visit
                  JOIN clinic_specialist specialist
                    ON specialist.id = visit.specialist_id
                  LEFT JOIN clinic_room room ON room.id = visit.room_id
                 CROSS JOIN LATERAL (VALUES
                       ('specialist', specialist.resource_id, NULL::int),
                       ('room', room.resource_id, NULL),
                       ('patient', NULL, visit.patient_id)
                       ) owner(role, resource_id, patient_id)
                 WHERE owner.role = ANY(%(roles)s)
                   AND (owner.resource_id IS NOT NULL OR owner.patient_id IS NOT NULL)
            )
            SELECT id FROM visit ORDER BY id
            """,
            {
                "branch": self.branch.id,
                "company": self.branch.company_id.id,
                "service": self.service.id,
                "roles": list(roles),
                **params,
            },
        )
        self.env.invalidate_all()
        return [visit_id for (visit_id,) in self.env.cr.fetchall()]


def copy_rows(
    env: Any, table: str, ident: int, count: int, **columns: str
) -> list[int]:
    """``count`` copies of row ``ident``; ids in the order of their numbers.

    :param columns: SQL expressions of columns that differ, with ``n`` (1 to count)
        and the copied row ``t``
    """
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({quoted})"
        f" SELECT {values} FROM {table} t, generate_series(1, %s) n"
        " WHERE t.id = %s ORDER BY n RETURNING id",
        [count, ident],
    )
    return [row[0] for row in env.cr.fetchall()]


def pick(ids: list[int]) -> str:
    """SQL expression: the ``n``-th of ``ids``, which begin anew when they end."""
    listed = ", ".join(map(str, ids))
    return f"(ARRAY[{listed}])[(n - 1) %% {len(ids)} + 1]"
