"""Standing visits, wishes, and a leave that hits visits which stand already."""

from datetime import timedelta

from odoo.fields import Command

from ..exceptions import NotFreeError, SeriesClashError

DAY = timedelta(days=1)
STANDING = 10
WISHES = 12
ORIGINS = ("manual", "waiting", "again")
LEAVE_LASTS = 3 * DAY


def wish(world):
    """What is missing of them at this moment."""
    with world.at(world.now):
        stand(world)
        ask(world)
        leave(world)
        close_room(world)


def stand(world):
    """Patients who come at the same hour every week, found by the engine itself."""
    env = world.env
    series = env["clinic.appointment.series"]
    if series.search_count([("state", "=", "active")]):
        series.search([("state", "=", "active")])._prolong()
        return
    visits = env["clinic.appointment"]
    weekly = env["clinic.specialist"].search(
        [("specialty_ids.code", "in", ("psychotherapy", "speech", "psychology"))]
    )
    for number in range(min(STANDING, world.scale.patients // 20)):
        specialist = weekly[number % len(weekly)]
        last = visits.search(
            [
                ("specialist_id", "=", specialist.id),
                ("state", "=", "done"),
                ("group_session_id", "=", False),
                ("patient_id", "not in", series.search([]).patient_id.ids),
            ],
            limit=1,
        )
        if last:
            stand_one(world, last)


def stand_one(world, visit):
    """The best standing hour for the patient and service of ``visit``."""
    asked = {
        "service_id": visit.service_id.id,
        "specialist_ids": visit.specialist_id.ids,
        "patient_id": visit.patient_id.id,
        "date_from": str(world.now.replace(microsecond=0) + DAY),
        "limit": 1,
    }
    for hour in world.env["clinic.appointment"].find_series_slots(asked):
        try:
            with world.env.cr.savepoint():
                world.env["clinic.appointment.series"].book_series(
                    {
                        "patient_id": visit.patient_id.id,
                        "specialist_id": visit.specialist_id.id,
                        "service_id": visit.service_id.id,
                        "branch_id": hour["branch_id"],
                        "weekday": hour["weekday"],
                        "minute_of_day": hour["minute_of_day"],
                        "date_from": str((world.now + DAY).date()),
                        "skip": hour["clashes"],
                    }
                )
        except (NotFreeError, SeriesClashError):
            # The hour is only wished for; somebody else has it.
            continue


def ask(world):
    """Requests by hand and wishes of the waiting list, some of them urgent."""
    env = world.env
    requests = env["clinic.booking.request"]
    # Those of protocols come on top.
    missing = WISHES - requests.search_count(
        [("state", "=", "open"), ("origin", "in", ORIGINS)]
    )
    patients = env["clinic.patient"].search([], order="id")
    specialists = env["clinic.specialist"].search([])
    chance = world.random("wishes", world.now.date())
    today = world.now.date()
    vals_list = []
    for number in range(missing):
        specialist = chance.choice(specialists)
        grown = patients.filtered(
            lambda one, specialist=specialist: (
                specialist.min_age < one.age < specialist.max_age
            )
        )
        vals_list.append(
            {
                "patient_id": chance.choice(grown or patients).id,
                "company_id": specialist.room_ids.company_id.id,
                "service_id": specialist.service_line_ids[:1].product_id.id,
                "specialist_ids": [Command.link(specialist.id)],
                "origin": ORIGINS[number % len(ORIGINS)],
                "due_to": today + DAY * chance.choice((2, 5, 9, 14, 21)),
                "priority": "2" if number % 5 == 0 else "0",
            }
        )
    requests.create(vals_list)


def leave(world):
    """A specialist is away for three days of the coming week that are booked."""
    env = world.env
    leaves = env["resource.calendar.leaves"]
    specialists = env["clinic.specialist"].search([])
    coming = leaves.search_count(
        [
            ("resource_id", "in", specialists.resource_id.ids),
            ("date_to", ">", world.now),
        ]
    )
    if coming:
        return
    week = int((world.now - world.now.min).days / 7)
    away = specialists[(2 + week) % 10]
    soon = DAY * max(world.scale.days_ahead // 4, 1)
    start = (world.now + soon).replace(hour=0, minute=0, second=0, microsecond=0)
    leaves.create(
        {
            "name": world.say("Отпуск|Leave"),
            "resource_id": away.resource_id.id,
            "company_id": away.room_ids.company_id.id,
            "date_from": start,
            "date_to": start + LEAVE_LASTS,
        }
    )
    env.flush_all()
    env["clinic.appointment"]._cron_mark_stranded()


def close_room(world):
    """A room that nobody uses is painted in three days."""
    closures = world.env["clinic.room.closure"]
    if closures.search_count([("stop", ">", world.now)]):
        return
    used = world.env["clinic.specialist"].search([]).room_ids
    room = world.env["clinic.room"].search([("id", "not in", used.ids)], limit=1)
    start = (world.now + 3 * DAY).replace(hour=5, minute=0, second=0, microsecond=0)
    closures.create(
        {
            "room_id": room.id,
            "start": start,
            "stop": start + DAY / 2,
            "reason": world.say("Покраска стен|Painting of the walls"),
        }
    )
