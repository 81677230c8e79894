"""The search against a brute-force minute by minute, on random days.

Fewer examples in everyday runs; ``CLINIC_ORACLE_EXAMPLES=1000`` runs the whole number.
"""

import os
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tools.spans import overlaps
from odoo.addons.clinic_base.tools.walltime import (
    MINUTE,
    minute_of_day,
    to_utc,
    to_wall,
)

from ...tools import packing
from ...tools.criteria import MAX_LIMIT
from ..common import ScheduleCommon

EXAMPLES = int(os.environ.get("CLINIC_ORACLE_EXAMPLES", "25"))
# Ordinary days, and days on which the clock changes: by an hour at night, at midnight
# itself, by half an hour; and a zone that is off by three quarters of an hour.
DAYS = [
    ("Europe/Moscow", date(2026, 3, 10)),
    ("Asia/Yekaterinburg", date(2026, 3, 10)),
    ("Asia/Kathmandu", date(2026, 3, 10)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/Santiago", date(2026, 4, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]
HOURS = st.integers(0, 24 * 4)


@st.composite
def spans(draw, most):
    """Disjoint spans of a day, as minutes after midnight."""
    cuts = sorted(draw(st.sets(HOURS, max_size=2 * most)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [(15 * start, 15 * stop) for start, stop in pairs]


@st.composite
def busy_spans(draw):
    """Disjoint busy spans to the minute."""
    cuts = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=6)))
    return list(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def worlds(draw):
    """One day of two specialists, two rooms and a patient."""
    tz, day = draw(st.sampled_from(DAYS))
    minutes = st.tuples(st.sampled_from([5, 20, 45]), st.sampled_from([0, 5, 10]))
    return {
        "tz": tz,
        "day": day,
        "length": draw(minutes),
        "before": draw(st.sampled_from([0, 5])),
        "shifts": [draw(spans(2)) for _specialist in range(2)],
        "specialists": [draw(busy_spans()) for _specialist in range(2)],
        "rooms": [draw(busy_spans()) for _room in range(2)],
        "patient": draw(busy_spans()),
        "step": draw(st.sampled_from([1, 5, 15])),
        "hours": sorted(draw(st.tuples(st.integers(0, 24), st.integers(0, 24)))),
    }


@tagged("post_install", "-at_install")
class TestOracle(ScheduleCommon):
    now = datetime(2026, 3, 1, 6, 0)

    @given(world=worlds())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def test_search_finds_exactly_what_the_oracle_finds(self, world):
        with self.env.cr.savepoint() as savepoint:
            self.build(world)
            slots = self.ask(world)
            found = sorted((slot["start"], slot["specialist_id"]) for slot in slots)
            expected = self.consult_oracle(world)
            if len(expected) > MAX_LIMIT:
                # Equal starts may be cut off on either side of the limit.
                last = found[-1][0]
                expected = [one for one in expected if one[0] < last]
                found = [one for one in found if one[0] < last]
            self.assertEqual(found, expected)
            self.check_compact_order(world)
            self.book_some(slots)
            savepoint.rollback()
        self.env.invalidate_all()

    def build(self, world):
        self.branch.tz = world["tz"]
        duration, after = world["length"]
        self.service.product_tmpl_id.write(
            {
                "duration": duration,
                "buffer_before": world["before"],
                "buffer_after": after,
            }
        )
        specialists = self.specialist | self.other_specialist
        rooms = self.room | self.other_room
        for specialist, hours in zip(specialists, world["shifts"], strict=True):
            for span in self.to_utc_spans(world, hours):
                self.env["clinic.shift"].create(
                    {
                        "specialist_id": specialist.id,
                        "branch_id": self.branch.id,
                        "start": span[0],
                        "stop": span[1],
                    }
                )
        for resource, taken in zip(
            [*specialists.mapped("resource_id"), *rooms.mapped("resource_id")],
            [*world["specialists"], *world["rooms"]],
            strict=True,
        ):
            self.take(world, taken, role="room", resource_id=resource.id)
        self.take(world, world["patient"], role="patient", patient_id=self.patient.id)

    def to_utc_spans(self, world, minutes):
        """UTC spans of wall-time minutes; a clock change may swallow some."""
        pairs = (
            tuple(to_utc(world["day"], minute, world["tz"]) for minute in pair)
            for pair in minutes
        )
        return self.drop_overlaps([pair for pair in pairs if pair[0] < pair[1]])

    def drop_overlaps(self, found):
        kept = []
        for span in found:
            if not any(overlaps(span, other) for other in kept):
                kept.append(span)
        return kept

    def take(self, world, minutes, **owner):
        self.env["clinic.occupancy"].create(
            [
                {
                    "start": span[0],
                    "stop": span[1],
                    "kind": "block",
                    "session_id": self.env["clinic.session"]._next_numbers(1)[0],
                    **owner,
                }
                for span in self.to_utc_spans(world, minutes)
            ]
        )

    def get_window(self, world):
        first, last = (to_utc(world["day"], m, world["tz"]) for m in (0, 24 * 60))
        return first, last

    def get_criteria(self, world):
        first, last = self.get_window(world)
        from_hour, to_hour = world["hours"]
        return {
            "service_id": self.service.id,
            "patient_id": self.patient.id,
            "date_from": first.strftime("%Y-%m-%d %H:%M:%S"),
            "date_to": last.strftime("%Y-%m-%d %H:%M:%S"),
            "hour_from": f"{from_hour:02}:00",
            "hour_to": f"{to_hour:02}:00" if to_hour else "00:01",
            "step": world["step"],
            "limit": MAX_LIMIT,
        }

    def ask(self, world):
        return self.visits.find_slots(self.get_criteria(world))

    # === ORDER === #

    def check_compact_order(self, world):
        """The first few by compactness are the first few of all, ranked in Python."""
        everything = self.find_by(world, limit=None, order="earliest")
        for limit in (1, 4, len(everything) + 1):
            best = self.find_by(world, limit=limit, order="compact")
            self.assertEqual(
                [self.rank(world, slot) for slot in best],
                sorted(self.rank(world, slot) for slot in everything)[:limit],
            )

    def find_by(self, world, limit, order):
        criteria = self.visits._get_criteria(self.get_criteria(world))
        return self.visits._find_slots(replace(criteria, limit=limit, order=order))

    def rank(self, world, slot):
        """Slivers, ends of the gap that it touches, tightness, hour, specialist."""
        placement = slot.placement
        return (
            packing.slivers(placement, world["length"][0]),
            -packing.edges(placement),
            placement.gap,
            slot.start,
            slot.specialist_id,
        )

    # === ORACLE === #

    def consult_oracle(self, world):
        """Every minute of the day tried one by one; runs end where a minute fails."""
        found = []
        for number, specialist in enumerate(self.specialist | self.other_specialist):
            minutes = [
                t for t in self.get_minutes(world) if self.fits(world, number, t)
            ]
            possible = set(minutes)
            for start in minutes:
                first = start
                while first - MINUTE in possible:
                    first -= MINUTE
                at_end = first == start or start + MINUTE not in possible
                if at_end or self.is_on_step(world, first, start):
                    found.append((start, specialist.id))
        return sorted((f"{start:%Y-%m-%d %H:%M:%S}", one) for start, one in found)

    def is_on_step(self, world, first, start):
        """On the step of the clock, counted from the wall time of the run's start."""
        wall = minute_of_day(to_wall(first, world["tz"]))
        return (wall + int((start - first) / MINUTE)) % world["step"] == 0

    def get_minutes(self, world):
        moment, last = self.get_window(world)
        while moment < last:
            yield moment
            moment += MINUTE

    def fits(self, world, number, start):
        duration, after = world["length"]
        visit = (start, start + timedelta(minutes=duration))
        wide = (
            start - timedelta(minutes=world["before"]),
            visit[1] + timedelta(minutes=after),
        )
        return (
            self.is_wished(world, visit)
            and self.is_free(world, world["patient"], visit)
            and self.works(world, number, wide)
            and self.is_free(world, world["specialists"][number], wide)
            and any(self.is_free(world, room, wide) for room in world["rooms"])
        )

    def is_wished(self, world, visit):
        earliest = to_utc(world["day"], world["hours"][0] * 60, world["tz"])
        latest = to_utc(world["day"], world["hours"][1] * 60 or 1, world["tz"])
        return earliest <= visit[0] and visit[1] <= latest

    def is_free(self, world, taken, span):
        return not any(
            overlaps(span, other) for other in self.to_utc_spans(world, taken)
        )

    def works(self, world, number, span):
        """Every minute lies in a shift; shifts that touch are one."""
        shifts = self.to_utc_spans(world, world["shifts"][number])
        moment = span[0]
        while moment < span[1]:
            if not any(start <= moment < stop for start, stop in shifts):
                return False
            moment += MINUTE
        return True

    # === BOOKING === #

    def book_some(self, slots):
        """What is offered can be booked: the first, the last and one in the middle."""
        for slot in {id(one): one for one in (slots[:1] + slots[-1:])}.values():
            with self.env.cr.savepoint() as savepoint:
                self.visits.book(
                    {
                        "service_id": slot["service_id"],
                        "specialist_id": slot["specialist_id"],
                        "start": slot["start"],
                        "patient_id": self.patient.id,
                    }
                )
                with self.assertRaises(UserError):
                    self.visits.book(
                        {
                            "service_id": slot["service_id"],
                            "specialist_id": slot["specialist_id"],
                            "start": slot["start"],
                            "patient_id": self.other_patient.id,
                        }
                    )
                savepoint.rollback()
            self.env.invalidate_all()
