"""The peer: OCA resource_booking with the same specialists, hours and visits.

It gets what suits it best: a database with nothing but itself, specialists as users
(it then reads only their own events), and rooms only where a visit is booked. Its
search is asked without rooms, since with them it reads every event of the network once
for each room.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from clinic_cli import databases, odoo
from clinic_cli.benching import Context
from worlds import TZ

from .measuring import count_statements, median
from .world import BUSY, FORMAT, environment

MODULE = "resource_booking"
HOURS = (9.0, 18.0)  # Monday to Saturday, as in the world's shifts

# Every visit becomes what a booking made by the peer itself consists of.
_COPIES = (
    ("calendar_event", "id", "visit.event_id", "'user_id', visit.user_id"),
    (
        "calendar_attendee",
        "event_id",
        "nextval('calendar_attendee_id_seq')",
        "'event_id', visit.event_id,"
        " 'partner_id', CASE WHEN original.partner_id = %(specialist)s"
        " THEN visit.partner_id ELSE original.partner_id END",
    ),
    (
        "resource_booking",
        "meeting_id",
        "nextval('resource_booking_id_seq')",
        "'meeting_id', visit.event_id, 'combination_id', visit.combination_id",
    ),
)


class Figure(NamedTuple):
    """What the peer takes for the same task."""

    milliseconds: float
    statements: int


def measure(
    context: Context, configuration: str, visits: list[tuple[int, datetime]]
) -> dict[str, Figure]:
    """Figures for S1, S3 and S7, on a database that is dropped afterwards."""
    with databases.scratch(context.server, None) as database:
        with context.progress.step(f"Peer: install {MODULE}"):
            odoo.change_modules(database, context.progress, install=[MODULE])
        with environment(database, configuration) as env:
            peer = Peer(env)
            with context.progress.step("Peer: fill with the same visits"):
                peer.fill(visits)
            with context.progress.step("Peer: measure"):
                return {
                    "S1": _figure(env, peer.search(peer.everybody)),
                    "S3": _figure(env, peer.search(peer.first)),
                    "S7": _figure(env, peer.book),
                }


def _figure(env: Any, call: Callable[[], Any]) -> Figure:
    statements = count_statements(env, call)
    figure = Figure(median(call), statements)
    env.cr.rollback()
    return figure


class Peer:
    """Booking types of the peer and how they are asked."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.today = datetime.now(timezone.utc).replace(
            hour=0, minute=0, second=0, microsecond=0, tzinfo=None
        )
        self.booked = 0

    def fill(self, visits: list[tuple[int, datetime]]) -> None:
        """Records come through the ORM; visits are copies of one made by the peer."""
        env = self.env(context={"no_reset_password": True, "tracking_disable": True})
        calendar = env["resource.calendar"].create(
            {
                "name": "Bench",
                "tz": TZ,
                "attendance_ids": [(5, 0, 0)]
                + [
                    (
                        0,
                        0,
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": HOURS[0],
                            "hour_to": HOURS[1],
                            "day_period": "morning",
                        },
                    )
                    for day in range(6)
                ],
            }
        )
        env.user.tz = TZ
        # One more than has visits: the bookings that are measured are theirs.
        users = env["res.users"].create(
            [
                {"name": f"Specialist {number}", "login": f"peer{number}", "tz": TZ}
                for number in range(BUSY + 1)
            ]
        )
        specialists = self._create_resources(calendar, users)
        rooms = self._create_resources(calendar, users, room=True)
        combinations = [self._combine(specialist) for specialist in specialists[:BUSY]]
        self.everybody = self._create_type(calendar, combinations)
        self.first = self._create_type(calendar, combinations[:1])
        self.housed = self._create_type(
            calendar, [self._combine(specialists[BUSY] | rooms[BUSY])]
        )
        self.patients = env["res.partner"].create(
            [{"name": "Patient"}, {"name": "Another patient"}]
        )
        original = self._book(self.everybody, self._at(1, 0), combinations[0])
        self._copy(original, users[:BUSY], combinations, visits)
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE")
        self.env.cr.commit()

    def _create_resources(self, calendar: Any, users: Any, room: bool = False) -> Any:
        return calendar.env["resource.resource"].create(
            [
                {
                    "name": user.name,
                    "calendar_id": calendar.id,
                    "tz": TZ,
                    **(
                        {"resource_type": "material"}
                        if room
                        else {"resource_type": "user", "user_id": user.id}
                    ),
                }
                for user in users
            ]
        )

    def _combine(self, resources: Any) -> Any:
        return resources.env["resource.booking.combination"].create(
            {"resource_ids": [(6, 0, resources.ids)]}
        )

    def _create_type(self, calendar: Any, combinations: list[Any]) -> Any:
        return calendar.env["resource.booking.type"].create(
            {
                "name": "Consultation",
                "resource_calendar_id": calendar.id,
                "modifications_deadline": 0,
                "combination_assignment": "sorted",
                "combination_rel_ids": [
                    (0, 0, {"combination_id": one.id}) for one in combinations
                ],
            }
        )

    def _book(self, kind: Any, start: datetime, combination: Any) -> Any:
        """As its own users do: create with a time, confirm. No mail goes out."""
        booking = self.env(context={"no_mail_to_attendees": True})[
            "resource.booking"
        ].create(
            {
                "type_id": kind.id,
                "partner_ids": [(4, self.patients[0].id)],
                "combination_auto_assign": False,
                "combination_id": combination.id,
                "start": start.strftime(FORMAT),
                "duration": 0.5,
            }
        )
        booking.action_confirm()
        self.env.flush_all()
        return booking

    def _copy(
        self,
        original: Any,
        users: Any,
        combinations: list[Any],
        visits: list[tuple[int, datetime]],
    ) -> None:
        event = original.meeting_id
        cr = self.env.cr
        cr.execute(
            """
            SELECT set_config('session_replication_role', 'replica', false)
              FROM pg_roles WHERE rolname = current_user AND rolsuper;
            CREATE TEMP TABLE peer_visit AS
            SELECT nextval('calendar_event_id_seq') AS event_id, visit.start,
                   visit.start + interval '30 min' AS stop, owner.*
              FROM unnest(%s::int[], %s::timestamp[]) visit(number, start)
              JOIN unnest(%s::int[], %s::int[], %s::int[]) WITH ORDINALITY
                   owner(user_id, partner_id, combination_id, number) USING (number)
            """,
            [
                *map(list, zip(*visits, strict=True)),
                users.ids,
                users.partner_id.ids,
                [one.id for one in combinations],
            ],
        )
        ids = {"event": event.id, "specialist": users[0].partner_id.id}
        for table, link, ident, values in _COPIES:
            moments = "'start', visit.start, 'stop', visit.stop,"
            if table == "calendar_attendee":
                moments = ""
            # Names of this module's own constants, never from outside.
            cr.execute(
                f"""
                INSERT INTO {table}
                SELECT copy.*
                  FROM peer_visit visit
                 CROSS JOIN {table} original
                 CROSS JOIN LATERAL jsonb_populate_record(original,
                       jsonb_build_object('id', {ident}, {moments} {values})) copy
                 WHERE original.{link} = %(event)s
                """,
                ids,
            )
        cr.execute(
            """
            INSERT INTO calendar_event_res_partner_rel
                   (calendar_event_id, res_partner_id)
            SELECT event_id, partner_id FROM calendar_attendee
             WHERE event_id > %(event)s;
            INSERT INTO res_partner_resource_booking_rel
                   (resource_booking_id, res_partner_id)
            SELECT id, %(patient)s FROM resource_booking
             WHERE meeting_id > %(event)s;
            SELECT set_config('session_replication_role', 'origin', false)
              FROM pg_roles WHERE rolname = current_user AND rolsuper
            """,
            {**ids, "patient": self.patients[0].id},
        )
        self.env.invalidate_all()

    def _at(self, days: int, number: int) -> datetime:
        """The n-th half-hour of a working day, UTC."""
        day = self.today + timedelta(days=days)
        if day.weekday() == 6:
            day += timedelta(days=1)
        return day + timedelta(hours=6, minutes=30 * number)

    # === TASKS === #

    def search(self, kind: Any) -> Callable[[], Any]:
        """All its free starts of 30 days; it has no way to ask for the first ones."""
        booking = self.env["resource.booking"].create(
            {"type_id": kind.id, "partner_ids": [(4, self.patients[1].id)]}
        )
        self.env.flush_all()

        def call() -> Any:
            self.env.invalidate_all()
            start = datetime.now(timezone.utc)
            return booking._get_available_slots(start, start + timedelta(days=30))

        return call

    def book(self) -> None:
        """Create and confirm, in free hours of a specialist and a room."""
        self.env.invalidate_all()
        self._book(
            self.housed,
            self._at(7 + self.booked // 15 * 7, self.booked % 15),
            self.housed.combination_rel_ids.combination_id,
        )
        self.booked += 1
