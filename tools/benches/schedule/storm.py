"""S9: many clients at once on a real server, and nothing is sold twice.

Fifty clerks over XML-RPC on two workers look for hours of the same few specialists and
book what they find, or an hour at random, or a place in a group session; meanwhile time
off of these specialists is approved and more sessions of theirs are planned. Afterwards
SQL that knows nothing of the engine looks for overlaps, the
server's log is searched for retries, and PostgreSQL's for waits on locks.
"""

from __future__ import annotations

import random
import re
import statistics
import threading
import time
import xmlrpc.client
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from clinic_cli import odoo, postgres
from clinic_cli.benching import Context
from clinic_cli.postgres import Server
from worlds import PASSWORD

from .measuring import result
from .world import FORMAT, Network

CLIENTS = 50
WORKERS = 2
SECONDS = 60
PAUSE = (4.0, 12.0)  # seconds that a clerk takes between two visits
SPECIALISTS = slice(200, 212)
DAYS = 4
LEAVES = 6
SESSIONS = 12  # planned before; as many are tried while others book
PLACES = 6
IN_GROUPS = 0.2  # of all bookings
TAKEN = re.compile(
    r"taken|no room or device is free|but not when the patient"
    r"|already has a place in this session"
)
OFF = re.compile(r"has working hours then")
RETRY = re.compile(r"tries left, try again|maximum number of tries")
WAITED = re.compile(r"acquired \w+ on .* after ([\d.]+) ms")

OVERLAPS = """
    WITH taken AS (
        SELECT session_id, patient_id, specialist_id, room_id,
               start - make_interval(mins => COALESCE(buffer_before, 0)) AS wide_start,
               stop + make_interval(mins => COALESCE(buffer_after, 0)) AS wide_stop,
               start, stop
          FROM clinic_appointment
         WHERE state NOT IN ('cancelled', 'expired', 'no_show')
           AND start > now()
         UNION ALL
        SELECT id, NULL, specialist_id, room_id,
               start - make_interval(mins => COALESCE(buffer_before, 0)),
               stop + make_interval(mins => COALESCE(buffer_after, 0)),
               start, stop
          FROM clinic_session
         WHERE state = 'planned' AND start > now()
    ), row AS (
        SELECT session_id, 'specialist ' || specialist_id AS what,
               wide_start AS start, wide_stop AS stop FROM taken
         UNION SELECT session_id, 'room ' || room_id, wide_start, wide_stop FROM taken
         UNION SELECT session_id, 'patient ' || patient_id, start, stop FROM taken
                WHERE patient_id <> {filler}
    ), ordered AS (
        SELECT start, max(stop) OVER (PARTITION BY what ORDER BY start, session_id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
          FROM row
         WHERE what IS NOT NULL
    ), place AS (
        SELECT seat, seat > capacity AS beyond,
               count(*) OVER (PARTITION BY session.id, seat) AS sold,
               count(*) OVER (PARTITION BY session.id, patient_id) AS own
          FROM clinic_appointment visit
          JOIN clinic_session session ON session.id = visit.group_session_id
         WHERE visit.state NOT IN ('cancelled', 'expired', 'no_show')
    )
    SELECT (SELECT count(*) FROM ordered WHERE start < taken_until)
         + (SELECT count(*) FROM place WHERE beyond OR sold > 1 OR own > 1)
"""


@dataclass
class Tally:
    """What the clients saw."""

    outcomes: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)  # seconds per answer
    unexpected: list[str] = field(default_factory=list)

    def call(self, outcome: str, function: Callable[[], Any]) -> Any:
        """Count and time one call; None if it was refused."""
        started = time.monotonic()
        try:
            answer = function()
            self.outcomes[outcome] += 1
            return answer
        except xmlrpc.client.Fault as fault:
            text = str(fault.faultString)
            if TAKEN.search(text):
                self.outcomes["taken"] += 1
            elif OFF.search(text):
                self.outcomes["on leave"] += 1
            else:
                self.unexpected.append(text[-500:])
        except OSError as error:
            self.unexpected.append(repr(error))
        finally:
            self.times.append(time.monotonic() - started)
        return None


class Client:
    """A connection of a logged-in user."""

    def __init__(self, url: str, database: str, uid: int) -> None:
        # As a proxy does: a worker would wait two seconds for the next request.
        self._object = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", headers=[("Connection", "close")]
        )
        self._who = (database, uid, PASSWORD)

    def __call__(self, model: str, method: str, *arguments: Any) -> Any:
        return self._object.execute_kw(*self._who, model, method, arguments)


class Storm:
    """The clients' work on a world that is committed."""

    def __init__(self, world: Network) -> None:
        self.world = world
        self.tally = Tally()
        self.specialists = world.specialists[SPECIALISTS].ids
        self.service = world.service.id
        self._prepare()

    def _prepare(self) -> None:
        """Users, patients and what time off needs."""
        env = self.world.env
        groups = (
            "clinic_base.group_registrar",
            "hr_holidays.group_hr_holidays_manager",
        )
        self.clerk, self.officer = (
            self.world.add_user(group, group).id for group in groups
        )
        self.patients = self.world.add_patients(2 * CLIENTS).ids
        self.employees = (
            env["hr.employee"]
            .create(
                [
                    {"name": f"Storm {number}", "clinic_specialist_id": specialist}
                    for number, specialist in enumerate(self.specialists[:LEAVES])
                ]
            )
            .ids
        )
        self.group_service = self._prepare_sessions()
        self.leave_type = (
            env["hr.leave.type"]
            .create(
                {
                    "name": "Bench",
                    "requires_allocation": False,
                    "leave_validation_type": "hr",
                }
            )
            .id
        )
        env.cr.commit()

    def _prepare_sessions(self) -> int:
        """A service in groups, and sessions of it; returns its id."""
        env = self.world.env
        service = self.world.add_service(name="Group", is_group=True, duration=60)
        env["clinic.specialist.service"].create(
            [
                {"specialist_id": specialist, "product_id": service.id}
                for specialist in self.specialists
            ]
        )
        self.sessions = []
        for number in range(SESSIONS):
            vals = self._prepare_session(service.id, number)
            self.sessions.append(env["clinic.session"].create(vals).id)
        return service.id

    def _prepare_session(self, service: int, number: int) -> dict[str, Any]:
        day, turn = number % DAYS, number // DAYS
        return {
            "service_id": service,
            "specialist_id": self.specialists[number % len(self.specialists)],
            "branch_id": self.world.branch.id,
            "start": self.world.at(day, 7 * 60 + 90 * (turn % 5)),
            "capacity": PLACES,
        }

    def run(self, url: str, database: str) -> None:
        """All clients until the time is over."""
        clerk = Client(url, database, self.clerk)
        officer = Client(url, database, self.officer)
        # Both workers load the registry and plan the search before anybody waits.
        for _warm in range(4 * WORKERS):
            clerk("clinic.appointment", "find_slots", self._criteria(random.Random(0)))
        until = time.monotonic() + SECONDS
        threads = [
            threading.Thread(
                target=self._work,
                args=(Client(url, database, self.clerk), number, until),
                daemon=True,
            )
            for number in range(CLIENTS)
        ]
        threads += [
            threading.Thread(target=self._grant, args=(officer,), daemon=True),
            threading.Thread(target=self._plan, args=(clerk,), daemon=True),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(2 * SECONDS)

    def _work(self, client: Client, number: int, until: float) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, PAUSE[1]))
        while time.monotonic() < until:
            if chance.random() < IN_GROUPS:
                self._join(client, chance)
            else:
                self._book(client, chance)
            time.sleep(chance.uniform(*PAUSE))

    def _book(self, client: Client, chance: random.Random) -> None:
        """One patient: half of the clerks look first, the others try an hour."""
        wish = {
            "service_id": self.service,
            "specialist_id": chance.choice(self.specialists),
            "patient_id": chance.choice(self.patients),
            "start": self._random_start(chance),
        }
        if chance.random() < 0.5:
            slots = self.tally.call(
                "searched",
                lambda: client(
                    "clinic.appointment", "find_slots", self._criteria(chance)
                ),
            )
            if not slots:
                return
            slot = chance.choice(slots)
            wish |= {key: slot[key] for key in ("specialist_id", "start")}
        self.tally.call("booked", lambda: client("clinic.appointment", "book", wish))

    def _join(self, client: Client, chance: random.Random) -> None:
        """A place in a session, of which there are fewer than are asked for."""
        wish = {
            "session_id": chance.choice(self.sessions),
            "patient_id": chance.choice(self.patients),
        }
        self.tally.call(
            "places booked", lambda: client("clinic.appointment", "book", wish)
        )

    def _plan(self, clerk: Client) -> None:
        """More sessions, some of them where somebody has just been booked."""
        for number in range(SESSIONS, 2 * SESSIONS):
            time.sleep(SECONDS / (SESSIONS + 1))
            vals = self._prepare_session(self.group_service, number)
            self.tally.call(
                "sessions planned",
                lambda vals=vals: clerk("clinic.session", "create", [vals]),
            )

    def _criteria(self, chance: random.Random) -> dict[str, Any]:
        return {
            "service_id": self.service,
            "specialist_ids": chance.sample(self.specialists, 4),
            "date_from": self.world.at(chance.randrange(DAYS)),
            "date_to": self.world.at(DAYS + 1),
            "limit": 5,
        }

    def _random_start(self, chance: random.Random) -> str:
        return self.world.at(chance.randrange(DAYS), 6 * 60 + 30 * chance.randrange(18))

    def _grant(self, officer: Client) -> None:
        """Time off, one day for one specialist after the other, while others book."""
        for number, employee in enumerate(self.employees):
            time.sleep(SECONDS / (LEAVES + 1))
            day = self.world.today + timedelta(days=1 + number % DAYS)
            vals = {
                "employee_id": employee,
                "holiday_status_id": self.leave_type,
                "request_date_from": day.strftime(FORMAT)[:10],
                "request_date_to": day.strftime(FORMAT)[:10],
            }
            self.tally.call(
                "leaves granted",
                lambda vals=vals: officer(
                    "hr.leave",
                    "action_approve",
                    [officer("hr.leave", "create", [vals])[0]],
                ),
            )


def measure(context: Context, database: str, world: Network) -> dict[str, Any]:
    """S9, on the world that the other figures were taken on."""
    storm = Storm(world)
    log = context.logs / "bench-storm.log"
    arguments = (f"--workers={WORKERS}", "--log-level=info")
    with _logged_waits(context.server, database) as get_waits:
        with odoo.OdooServer(database, None, *arguments, log=log) as server:
            server.wait_until_ready()
            storm.run(server.url, database)
        waits = get_waits()
    retries = len(RETRY.findall(log.read_text(errors="replace")))
    world.env.cr.rollback()
    world.env.cr.execute(OVERLAPS.format(filler=world.patients[0].id))
    [overlaps] = world.env.cr.fetchone()
    return _report(storm.tally, overlaps, retries, waits)


def _report(
    tally: Tally, overlaps: int, retries: int, waits: list[float] | None
) -> dict[str, Any]:
    bookings = sum(
        tally.outcomes[name] for name in ("booked", "places booked", "taken")
    )
    p99 = _percentile(tally.times, 99)
    lock_p99 = None
    if waits is not None:
        # Locks that were had at once are not in the log.
        lock_p99 = _percentile([0.0] * (bookings - len(waits)) + waits, 99)
    seen = ", ".join(
        f"{count} {name}" for name, count in sorted(tally.outcomes.items())
    )
    how = (
        f"{CLIENTS} clients for {SECONDS} s, pauses of {PAUSE[0]:g} to {PAUSE[1]:g} s,"
        f" {WORKERS} workers: {seen}, {len(tally.unexpected)} other errors;"
        f" {retries} retries; answers p50 {statistics.median(tally.times):.2f} s,"
        f" p99 {p99:.2f} s, max {max(tally.times):.2f} s; "
    )
    if lock_p99 is None:
        how += "waits on locks not measured: the server's log is not ours"
    else:
        how += (
            f"lock waits p99 {lock_p99:.0f} ms, {len(waits or ())} above 1 ms"
            f" (log_lock_waits)"
        )
    if tally.unexpected:
        how += f"; first error: {tally.unexpected[0]!r}"
    return result(
        "S9",
        "storm: overlaps that 50 clients over XML-RPC on 2 workers bring about",
        overlaps,
        "overlaps",
        "0, no error but taken, 0 retries, lock wait p99 < 100 ms,"
        " answer p99 < 2 s, max < 5 s",
        overlaps == 0
        and not tally.unexpected
        and retries == 0
        and lock_p99 is not None
        and lock_p99 < 100
        and p99 < 2
        and max(tally.times) < 5,
        how,
    )


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@contextmanager
def _logged_waits(
    server: Server, database: str
) -> Iterator[Callable[[], list[float] | None]]:
    """PostgreSQL logs every wait on a lock above 1 ms; a function that reads them.

    It gives milliseconds, or None where the log of the server is not in our hands.
    """
    own = postgres.is_set_up() and server == postgres.private_server()
    offset = postgres.LOG.stat().st_size if own else 0
    if own:
        for setting in ("log_lock_waits = on", "deadlock_timeout = '1ms'"):
            server.sql(f'ALTER DATABASE "{database}" SET {setting}')

    def read() -> list[float] | None:
        return _read_waits(postgres.LOG, offset) if own else None

    yield read


def _read_waits(log: Path, offset: int) -> list[float]:
    with log.open(errors="replace") as lines:
        lines.seek(offset)
        return [float(found) for found in WAITED.findall(lines.read())]
