"""Scheduling: how fast an hour is found and sold, and that it is never sold twice."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

REPEATS = 5
SPECIALISTS = 300
ROOMS = 100
DAYS_AHEAD = 200
SLOTS_A_DAY = 18  # of 30 minutes, from 9:00 to 18:00
TZ = "Europe/Moscow"
FORMAT = "%Y-%m-%d %H:%M:%S"


def run(context: Any) -> list[dict[str, Any]]:
    """All figures of the target table, on a scratch database of the suite."""
    from clinic_cli import databases

    template = databases.ensure_suite_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        return measure(database, _get_configuration(context))


def _get_configuration(context: Any) -> str:
    from clinic_cli import odoo as clinic_odoo

    return str(clinic_odoo.configure(context.server))


def measure(database: str, configuration: str) -> list[dict[str, Any]]:
    """Fill ``database`` and measure; it is left full."""
    with _environment(database, configuration) as env:
        world = World(env)
        world.fill()
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()
        world.set_rooms(planned=True)
        results = [_first_ten(world), _one_specialist(world), _weekly_hours(world)]
        world.set_rooms(planned=False)
        results += [
            _overhead(world),
            _with_rooms_and_patient(world),
            _three_hundred(world),
            _booking(world),
            _series(world),
            *_unmeasured(),
        ]
        return sorted(results, key=lambda result: int(result["id"][1:]))


def _unmeasured() -> list[dict[str, Any]]:
    """Targets whose measurement is not written yet."""
    what = {
        "S9": ("storm: 50 clients over XML-RPC on 2 workers", "0 overlaps, 0 retries"),
        "S10": ("share of the day sold, compact against any start", ">= 5 points more"),
    }
    return [
        _result(ident, text, 0, "", target, None, "not measured yet")
        for ident, (text, target) in what.items()
    ]


@contextmanager
def _environment(database: str, configuration: str) -> Any:
    import odoo.api
    import odoo.tools
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(
        ["--config", configuration, "--database", database, "--log-level", "error"]
    )
    registry = Registry(database)
    with registry.cursor() as cr:
        yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})


class World:
    """300 specialists, 100 rooms, two years of visits, 70 % of the future booked."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.visits = env["clinic.appointment"]
        self.today = datetime.now(timezone.utc).replace(
            hour=0, minute=0, second=0, microsecond=0, tzinfo=None
        )

    def fill(self) -> None:
        """Records that the rules read come through the ORM, the mass through SQL."""
        env = self.env
        self.branch = env["clinic.branch"].create({"name": "Bench", "tz": TZ})
        department = env["clinic.department"].create(
            {"name": "Bench", "branch_id": self.branch.id}
        )
        self.rooms = env["clinic.room"].create(
            [
                {"name": f"Room {number}", "department_id": department.id}
                for number in range(ROOMS)
            ]
        )
        self.service = env["product.product"].create(
            {
                "name": "Consultation",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
            }
        )
        self.specialists = env["clinic.specialist"].create(
            [
                {
                    "name": f"Specialist {number}",
                    "service_line_ids": [(0, 0, {"product_id": self.service.id})],
                }
                for number in range(SPECIALISTS)
            ]
        )
        self.patients = env["clinic.patient"].create(
            [{"name": f"Patient {number}"} for number in range(50)]
        )
        env.flush_all()
        self._fill_shifts()
        self._drop_exclusions()
        self._fill_visits(-730, -1, 0.22, ROOMS)
        self._fill_visits(1, 60, 0.70, ROOMS)
        self._fill_visits(61, DAYS_AHEAD, 0.70, 1)
        self._restore_exclusions()

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
            [planned, self.rooms.ids, self.specialists[:ROOMS].ids],
        )
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE clinic_shift")
        self.env.cr.commit()

    def _fill_shifts(self) -> None:
        self.env.cr.execute(
            """
            INSERT INTO clinic_shift (
                   specialist_id, branch_id, start, stop, active, telemedicine,
                   room_shared)
            SELECT specialist_id, %s, day + time '06:00', day + time '15:00',
                   TRUE, FALSE, FALSE
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
        self.env.cr.execute(
            """
            WITH visit AS (
                INSERT INTO clinic_appointment (
                       specialist_id, room_id, branch_id, company_id, service_id,
                       patient_id, start, stop, state, session_id, seat, active)
                SELECT specialist.id, room.id, %(branch)s, %(company)s, %(service)s,
                       %(patient)s, slot, slot + interval '30 min',
                       CASE WHEN %(first)s < 0 THEN 'done' ELSE 'booked' END,
                       nextval('clinic_session_id_seq'), 1, TRUE
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
             RETURNING id, specialist_id, room_id, session_id, start, stop
            )
            INSERT INTO clinic_occupancy (
                   role, resource_id, appointment_id, session_id, start, stop, kind,
                   active, overbooked)
            SELECT 'specialist', specialist.resource_id, visit.id, session_id, start,
                   stop, 'visit', TRUE, FALSE
              FROM visit JOIN clinic_specialist specialist
                ON specialist.id = visit.specialist_id
             UNION ALL
            SELECT 'room', room.resource_id, visit.id, session_id, start, stop,
                   'visit', TRUE, FALSE
              FROM visit JOIN clinic_room room ON room.id = visit.room_id
            """,
            {
                "branch": self.branch.id,
                "company": self.branch.company_id.id,
                "service": self.service.id,
                "patient": self.patients[0].id,
                "specialists": self.specialists.ids,
                "rooms": self.rooms.ids,
                "room_count": ROOMS,
                "count": count,
                "today": self.today,
                "first": first,
                "last": last,
                "slots": SLOTS_A_DAY,
                "share": share,
            },
        )

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


# === MEASURING === #


def _median(call: Callable[[], Any]) -> float:
    """Median of several calls in ms, after one that fills the caches."""
    call()
    times = []
    for _repeat in range(REPEATS):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def _count(env: Any, call: Callable[[], Any]) -> int:
    call()  # fills the caches of the registry, which live longer than a request
    before = env.cr.sql_log_count
    call()
    return env.cr.sql_log_count - before


def _result(
    ident: str,
    what: str,
    value: float,
    unit: str,
    target: str,
    met: bool | None,
    how: str,
) -> dict[str, Any]:
    return {
        "id": ident,
        "what": what,
        "value": round(value, 1),
        "unit": unit,
        "target": target,
        "met": met,
        "how": how,
    }


def _find(world: World, specialists: int, days: int, **more: Any) -> Callable[[], Any]:
    criteria = world.criteria(specialists, days, **more)

    def call() -> Any:
        world.env.invalidate_all()
        return world.visits.find_slots(criteria)

    return call


def _first_ten(world: World) -> dict[str, Any]:
    call = _find(world, 100, 30, limit=10, step=30)
    statements = _count(world.env, call)
    return _result(
        "S1",
        "first 10 starts, any of 100 specialists, 30 days",
        _median(call),
        "ms",
        "50 times faster than the peer, at most 6 statements",
        None,
        f"find_slots, 30-minute grid, {statements} statements",
    )


def _overhead(world: World) -> dict[str, Any]:
    criteria = world.criteria(100, 30, order="compact", patient_id=world.patients[1].id)
    parsed = world.visits._parse_criteria(criteria)
    params = world.visits._get_query_params(parsed)
    last = parsed.stop + timedelta(minutes=1)
    whole = _median(
        _find(world, 100, 30, order="compact", patient_id=world.patients[1].id)
    )
    from odoo.addons.clinic_schedule.tools import slot_query

    statement = slot_query.get_call("compact")

    def alone() -> Any:
        world.env.cr._obj.execute(statement, {**params, "first_before": last})
        return world.env.cr._obj.fetchall()

    bare = _median(alone)
    return _result(
        "S2",
        "find_slots against its statement alone",
        whole / bare,
        "times",
        "<= 3",
        whole / bare <= 3,
        f"compact, 30 days, 100 specialists: {whole:.0f} ms against {bare:.0f} ms",
    )


def _one_specialist(world: World) -> dict[str, Any]:
    value = _median(_find(world, 1, 30, limit=1000, step=30))
    return _result(
        "S3",
        "all starts of one specialist, 30 days",
        value,
        "ms",
        "4 times faster than the peer",
        None,
        "find_slots, limit 1000, 30-minute grid",
    )


def _with_rooms_and_patient(world: World) -> dict[str, Any]:
    value = _median(
        _find(world, 100, 30, limit=10, step=5, patient_id=world.patients[1].id)
    )
    return _result(
        "S4",
        "specialist AND room AND patient, 100 x 100, first 10",
        value,
        "ms",
        "< 250",
        value < 250,
        "find_slots, 5-minute step, any of 100 rooms, 30 days",
    )


def _three_hundred(world: World) -> dict[str, Any]:
    few = _median(_find(world, 10, 60, limit=10))
    many = _median(_find(world, 300, 60, limit=10))
    return _result(
        "S5",
        "300 specialists, 60 days, first 10",
        many,
        "ms",
        "< 500, growth from 10 to 300 not above linear",
        many < 500 and many <= 30 * few,
        f"find_slots; 10 specialists take {few:.0f} ms",
    )


def _weekly_hours(world: World) -> dict[str, Any]:
    criteria = {
        "service_id": world.service.id,
        "specialist_ids": world.specialists[:1].ids,
        "weeks": 26,
    }
    value = _median(lambda: world.visits.find_series_slots(criteria))
    return _result(
        "S6",
        "weekly hours of one specialist over 26 weeks",
        value,
        "ms",
        "< 200",
        value < 200,
        "find_series_slots, 5-minute step, 70 % booked",
    )


def _booking(world: World) -> dict[str, Any]:
    numbers = iter(range(1000))

    def call() -> Any:
        number = next(numbers)
        world.env.invalidate_all()
        world.visits.book(
            {
                "service_id": world.service.id,
                "specialist_id": world.specialists[200].id,
                "patient_id": world.patients[2].id,
                "start": world.at(7 + number // 15 * 7, 6 * 60 + 30 * (number % 15)),
            }
        )
        world.env.flush_all()

    statements = _count(world.env, call)
    value = _median(call)
    world.env.cr.rollback()
    return _result(
        "S7",
        "book with specialist, room and patient",
        value,
        "ms",
        "5 times faster than the peer, at most 15 statements",
        None,
        f"book() with cold record caches, {statements} statements",
    )


def _series(world: World) -> dict[str, Any]:
    minutes = iter(range(9 * 60, 18 * 60, 30))

    def call() -> Any:
        first = world.today + timedelta(days=7 - world.today.weekday())
        world.env["clinic.appointment.series"].book_series(
            {
                "patient_id": world.patients[3].id,
                "specialist_id": world.specialists[210].id,
                "service_id": world.service.id,
                "branch_id": world.branch.id,
                "weekday": 0,
                "minute_of_day": next(minutes),
                "date_from": str(first.date()),
            }
        )
        world.env.flush_all()

    value = _median(call)
    world.env.cr.rollback()
    return _result(
        "S8",
        "a series of 26 visits",
        value,
        "ms",
        "< 400",
        value < 400,
        "book_series in one transaction, rooms assigned",
    )
