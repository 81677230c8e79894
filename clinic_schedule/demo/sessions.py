"""Groups that meet every week at the same hour, and who takes part."""

from datetime import timedelta

from odoo.addons.clinic_base.demo.services import prepare_service
from odoo.addons.clinic_base.tools.walltime import to_utc

from ..exceptions import SlotRefusedError, SlotTakenError

DAY = timedelta(days=1)
PLACES = 8
# service, minutes, price, specialty, weekday, minute of the day in branch time
GROUPS = (
    (
        "Школа здорового сердца|Healthy heart school",
        60,
        900,
        "cardiology",
        5,
        12 * 60,
    ),
    (
        "Группа «Тревога под контролем»|Group: anxiety under control",
        90,
        1500,
        "psychotherapy",
        2,
        18 * 60,
    ),
    (
        "Логопедическая мини-группа|Speech group for children",
        45,
        1200,
        "speech",
        5,
        10 * 60,
    ),
)


def offer(world):
    """Services in groups, each given by the first specialist of its specialty."""
    env = world.env
    for name, minutes, price, code, *_when in GROUPS:
        specialist = find_leader(world, code)
        specialty = env["clinic.specialty"].search([("code", "=", code)])
        vals = prepare_service(specialty, name, minutes, price, "")
        service = world.create("product.product", [{**vals, "is_group": True}])
        env["clinic.specialist.service"].create(
            {
                "specialist_id": specialist.id,
                "product_id": service.id,
                "duration_first": minutes,
                "duration_repeat": minutes,
            }
        )


def find_leader(world, code):
    return world.env["clinic.specialist"].search(
        [("specialty_ids.code", "=", code)], limit=1
    )


def find_groups(world):
    """(service, leader, weekday, minute) of each of ``GROUPS``."""
    services = world.env["product.product"].search([("is_group", "=", True)])
    by_specialty = services.grouped(lambda one: one.clinic_specialty_id.code)
    return [
        (by_specialty[code], find_leader(world, code), weekday, minute)
        for _name, _minutes, _price, code, weekday, minute in GROUPS
        if code in by_specialty
    ]


def gather(world, begin, end):
    """Sessions from ``begin`` to ``end`` (naive UTC), before other visits take the
    time; returns the new ones."""
    sessions = world.env["clinic.session"]
    made = sessions.browse()
    for service, leader, weekday, minute in find_groups(world):
        branch = leader.room_ids[:1].branch_id
        day = begin.date()
        while day <= end.date():
            start = to_utc(day, minute, branch.tz)
            if day.weekday() == weekday and begin <= start < end:
                made |= open_session(world, service, leader, branch, start)
            day += DAY
    return made


def open_session(world, service, leader, branch, start):
    """One session; none where the leader is away or taken."""
    sessions = world.env["clinic.session"].with_company(branch.company_id)
    if start <= world.env.cr.now():
        return sessions.browse()
    try:
        with world.env.cr.savepoint():
            return sessions.create(
                {
                    "service_id": service.id,
                    "specialist_id": leader.id,
                    "branch_id": branch.id,
                    "start": start,
                    "capacity": PLACES,
                }
            )
    except (SlotTakenError, SlotRefusedError):
        return sessions.browse()


def prepare_places(world, sessions, candidates, people):
    """Values of the visits in ``sessions``: most places are taken.

    :param candidates: {specialist: patients who come to them}
    :param people: {day: ids of patients who come}; whoever takes part is added
    """
    for session in sessions:
        chance = world.random("group", session.start, session.specialist_id.id)
        day = (session.start + timedelta(hours=5)).date()
        free = [
            one
            for one in candidates[session.specialist_id][:60]
            if one.id not in people[day]
        ]
        taking = chance.sample(free, min(chance.randint(4, PLACES), len(free)))
        people[day] |= {one.id for one in taking}
        for seat, patient in enumerate(taking, start=1):
            yield {
                **session._prepare_seat_vals(),
                "seat": seat,
                "patient_id": patient.id,
                "payment_source_id": patient.payment_source_id.id,
            }
