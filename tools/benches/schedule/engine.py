"""S1 to S8, S11: how fast an hour is found and sold."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from .measuring import count_statements, median, result
from .peer import Figure
from .world import Network


def measure(world: Network, theirs: dict[str, Figure]) -> list[dict[str, Any]]:
    """All of them; ``theirs`` is what the peer takes for S1, S3 and S7."""
    world.set_rooms(planned=True)
    results = [
        _first_ten(world, theirs["S1"]),
        _one_specialist(world, theirs["S3"]),
        _weekly_hours(world),
    ]
    world.set_rooms(planned=False)
    return [
        *results,
        _overhead(world),
        _ranked(world),
        _with_rooms_and_patient(world),
        _three_hundred(world),
        _booking(world, theirs["S7"]),
        _series(world),
    ]


def _compare(
    ident: str, what: str, ours: float, theirs: Figure, wanted: float, how: str
) -> dict[str, Any]:
    """A result that says how many times faster than the peer we are."""
    times = theirs.milliseconds / ours
    return result(
        ident,
        what,
        times,
        "times faster than resource_booking",
        f">= {wanted:g}",
        times >= wanted,
        f"{ours:.1f} ms against {theirs.milliseconds:.0f} ms and"
        f" {theirs.statements} statements; {how}",
    )


def _find(
    world: Network, specialists: int, days: int, **more: Any
) -> Callable[[], Any]:
    criteria = world.criteria(specialists, days, **more)

    def call() -> Any:
        world.env.invalidate_all()
        return world.visits.find_slots(criteria)

    return call


def _first_ten(world: Network, theirs: Figure) -> dict[str, Any]:
    call = _find(world, 100, 30, limit=10, step=30)
    statements = count_statements(world.env, call)
    compared = _compare(
        "S1",
        "first 10 starts, any of 100 specialists, 30 days",
        median(call),
        theirs,
        50,
        f"find_slots with rooms, {statements} statements, against _get_available_slots"
        " without rooms; 30-minute grid, 70 % booked, 2 years of history",
    )
    compared["target"] += ", at most 6 statements"
    compared["met"] = compared["met"] and statements <= 6
    return compared


def _overhead(world: Network) -> dict[str, Any]:
    criteria = world.criteria(100, 30, order="compact", patient_id=world.patients[1].id)
    parsed = world.visits._get_criteria(criteria)
    params = world.visits._get_query_params(parsed)
    last = parsed.stop + timedelta(minutes=1)
    whole = median(
        _find(world, 100, 30, order="compact", patient_id=world.patients[1].id)
    )
    from odoo.addons.clinic_schedule.tools import slot_query

    statement = slot_query.get_call("compact")

    def alone() -> Any:
        world.env.cr._obj.execute(statement, {**params, "first_before": last})
        return world.env.cr._obj.fetchall()

    bare = median(alone)
    return result(
        "S2",
        "find_slots against its statement alone",
        whole / bare,
        "times",
        "<= 3",
        whole / bare <= 3,
        f"compact, 30 days, 100 specialists: {whole:.0f} ms against {bare:.0f} ms",
    )


def _ranked(world: Network) -> dict[str, Any]:
    """The ranked search beside what no search can do without."""
    value = median(
        _find(world, 100, 30, order="compact", patient_id=world.patients[1].id)
    )
    fetch = median(lambda: _fetch_busy(world))
    starts = median(functools.partial(_count_starts, _fetch_busy(world)))
    return result(
        "S11",
        "the ranked search, any of 100 specialists, 30 days",
        value,
        "ms",
        "<= 150",
        value <= 150,
        f"find_slots, compact, with patient and any of 100 rooms; {fetch:.0f} ms to"
        f" fetch the same busy rows and {starts:.0f} ms for the starts in numpy",
    )


def _fetch_busy(world: Network) -> list[tuple[Any, ...]]:
    """Busy minutes of the specialists and rooms that the ranked search looks at."""
    specialists = world.specialists[:100]
    resources = specialists.resource_id.ids + world.rooms.resource_id.ids
    world.env.cr.execute(
        """
        SELECT resource_id,
               (EXTRACT(EPOCH FROM start - %(start)s) / 60)::int,
               (EXTRACT(EPOCH FROM stop - %(start)s) / 60)::int
          FROM clinic_occupancy
         WHERE active
           AND resource_id = ANY(%(resources)s)
           AND stop > %(start)s
           AND start < %(stop)s
        """,
        {
            "resources": resources,
            "start": world.today,
            "stop": world.today + timedelta(days=30),
        },
    )
    return world.env.cr.fetchall()


def _count_starts(rows: list[tuple[Any, ...]], minutes: int = 30) -> int:
    """Starts at which a visit of ``minutes`` fits, by resource, on minutes of 30 days.

    Shifts are left out: this is the least that any program would have to compute.
    """
    import numpy

    length = 30 * 24 * 60
    taken = numpy.array(rows)
    resources, owner = numpy.unique(taken[:, 0], return_inverse=True)
    edges = numpy.zeros((len(resources), length + 1), dtype=numpy.int32)
    numpy.add.at(edges, (owner, taken[:, 1].clip(0, length)), 1)
    numpy.add.at(edges, (owner, taken[:, 2].clip(0, length)), -1)
    busy = numpy.cumsum(edges, axis=1) > 0
    before = numpy.cumsum(busy, axis=1)
    return int((before[:, minutes:] == before[:, :-minutes]).sum())


def _one_specialist(world: Network, theirs: Figure) -> dict[str, Any]:
    return _compare(
        "S3",
        "all starts of one specialist, 30 days",
        median(_find(world, 1, 30, limit=1000, step=30)),
        theirs,
        4,
        "find_slots with a room, against _get_available_slots without",
    )


def _with_rooms_and_patient(world: Network) -> dict[str, Any]:
    value = median(
        _find(world, 100, 30, limit=10, step=5, patient_id=world.patients[1].id)
    )
    return result(
        "S4",
        "specialist AND room AND patient, 100 x 100, first 10",
        value,
        "ms",
        "< 250",
        value < 250,
        "find_slots, 5-minute step, any of 100 rooms, 30 days",
    )


def _three_hundred(world: Network) -> dict[str, Any]:
    few = median(_find(world, 10, 60, limit=10))
    many = median(_find(world, 300, 60, limit=10))
    return result(
        "S5",
        "300 specialists, 60 days, first 10",
        many,
        "ms",
        "< 500, growth from 10 to 300 not above linear",
        many < 500 and many <= 30 * few,
        f"find_slots; 10 specialists take {few:.0f} ms",
    )


def _weekly_hours(world: Network) -> dict[str, Any]:
    criteria = {
        "service_id": world.service.id,
        "specialist_ids": world.specialists[:1].ids,
        "weeks": 26,
    }
    value = median(lambda: world.visits.find_series_slots(criteria))
    return result(
        "S6",
        "weekly hours of one specialist over 26 weeks",
        value,
        "ms",
        "< 200",
        value < 200,
        "find_series_slots, 5-minute step, 70 % booked",
    )


def _booking(world: Network, theirs: Figure) -> dict[str, Any]:
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

    whole = count_statements(world.env, call)
    value = median(call)
    hooks = dict.fromkeys(("_after_state_change", "_check_payer"), lambda *_args: None)
    with patch.multiple(type(world.visits), **hooks):
        own = count_statements(world.env, call)
    world.env.cr.rollback()
    compared = _compare(
        "S7",
        "book with specialist, room and patient",
        value,
        theirs,
        5,
        f"book() with any of 100 rooms and cold record caches, {own} statements,"
        f" {whole} and the time given with the prices that clinic_finance adds; against"
        " create and action_confirm in a given room, no mail",
    )
    compared["target"] += ", at most 15 statements"
    compared["met"] = compared["met"] and own <= 15
    return compared


def _series(world: Network) -> dict[str, Any]:
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

    value = median(call)
    world.env.cr.rollback()
    return result(
        "S8",
        "a series of 26 visits",
        value,
        "ms",
        "< 400",
        value < 400,
        "book_series in one transaction, rooms assigned",
    )
