"""What becomes of visits as time goes on: by chance, and the same every time."""

from datetime import timedelta

from .filling import is_lively

MINUTE = timedelta(minutes=1)
# Shares of all visits.
CANCELLED, MISSED, LATE = 0.05, 0.06, 0.1
REMINDED = timedelta(hours=20)
# Who is late comes that much later.
LATENESS = 12 * MINUTE
IN_SIGHT = 30 * MINUTE
ORDER = ("booked", "confirmed", "arrived", "in_progress", "done")


def follow(world, span):
    """Bring visits to where they stand at the end of ``span``, by the engine's moves.

    Days are taken zone by zone, at the moment when the last visit is over; the present
    branch by branch.
    """
    give_up(world, span)
    confirm(world, span)
    branches = world.env["clinic.branch"].search([])
    if not span.is_last:
        for some in branches.grouped("tz").values():
            receive(world, span, find_due(world, span, some))
        return
    for branch in branches:
        receive(world, span, find_due(world, span, branch))
        people_the_hall(world, span, branch)


def chance_of(world, visit):
    """A number in [0, 1) of the visit's own."""
    return world.random("fate", visit.id).random()


def give_up(world, span):
    """Some cancel on the day before."""
    visits = world.env["clinic.appointment"].search(
        [
            ("state", "in", ("booked", "confirmed")),
            ("start", ">", span.stop),
            ("start", "<=", span.stop + (span.stop - span.start)),
        ]
    )
    reasons = world.env["clinic.cancel.reason"].search([("by_patient", "=", True)])
    lost = visits.filtered(lambda visit: chance_of(world, visit) < CANCELLED)
    with world.at(span.start + (span.stop - span.start) / 2):
        for number, visit in enumerate(lost):
            visit._move_state(
                "cancelled", cancel_reason_id=reasons[number % len(reasons)].id
            )


def confirm(world, span):
    """Patients are reminded of tomorrow's visits; many answer."""
    visits = world.env["clinic.appointment"].search(
        [
            ("state", "=", "booked"),
            ("start", ">", span.stop),
            ("start", "<=", span.stop + REMINDED),
        ]
    )
    told = visits.filtered(lambda visit: world.random("yes", visit.id).random() < 0.6)
    with world.at(span.start + (span.stop - span.start) / 3):
        if is_lively(world, span.stop):
            visits._notify_patient("reminder")
        told._move_state("confirmed")


def find_due(world, span, branches):
    """Visits of ``branches`` that have begun by the end of ``span``, not over yet."""
    return world.env["clinic.appointment"].search(
        [
            ("branch_id", "in", branches.ids),
            ("state", "in", ORDER[:-1]),
            ("start", "<=", span.stop),
            ("patient_id", "!=", False),
        ],
        order="start, id",
    )


def receive(world, span, visits):
    """Patients come, are received and go; some do not come, some come late."""
    visits = visits.with_company(visits.company_id)
    over = visits.filtered(lambda visit: visit.stop <= span.stop)
    waiting = over.filtered(lambda visit: visit.state in ORDER[:2])
    missed = waiting.filtered(
        lambda visit: CANCELLED <= chance_of(world, visit) < CANCELLED + MISSED
    )
    late = find_late(world, span, visits - over)
    # Before midnight, so that what follows is of that day.
    moment = max(over.mapped("stop"), default=span.stop) - MINUTE
    with world.at(min(max(moment, span.start), span.stop)):
        missed._move_state("no_show")
        advance(over - missed, "done")
        advance(visits - over - late, "in_progress")
    spread_arrivals(world, visits - missed - late)


def find_late(world, span, visits):
    """Who should be here and is not yet; where several have just begun, somebody."""
    begun = visits.filtered(
        lambda visit: visit.state in ORDER[:2] and span.stop - visit.start < LATENESS
    )
    late = begun.filtered(lambda visit: chance_of(world, visit) > 1 - LATE)
    return late or (begun[-1:] if len(begun) > 1 else begun[:0])


def advance(visits, state):
    """Move each visit on to ``state``, step by step."""
    for step in ("arrived", "in_progress", "done"):
        behind = visits.filtered(
            lambda visit, step=step: ORDER.index(visit.state) < ORDER.index(step)
        )
        behind._move_state(step)
        if step == state:
            return


def people_the_hall(world, span, branch):
    """Somebody waits, somebody is late, and the next patient comes in minutes."""
    coming = world.env["clinic.appointment"].search(
        [
            ("branch_id", "=", branch.id),
            ("state", "in", ORDER[:2]),
            ("start", ">", span.stop),
            ("start", "<=", span.stop + IN_SIGHT),
        ],
        order="start, id",
    )
    here = coming[: (len(coming) + 1) // 2]
    with world.at(span.stop):
        here._move_state("arrived")
    spread_arrivals(world, here)


def spread_arrivals(world, visits):
    """Nobody comes to the second: up to twenty minutes before, never after now."""
    rows = [
        (visit.id, visit.start - (5 + visit.id % 16) * MINUTE)
        for visit in visits
        if visit.arrived_at
    ]
    for visit_id, moment in rows:
        visit = visits.browse(visit_id)
        visit._as_engine().write({"arrived_at": min(moment, world.now - MINUTE)})
