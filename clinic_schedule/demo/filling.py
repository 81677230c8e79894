"""Bookings: the days four weeks ahead, and what is still free shortly before."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import fields

from odoo.addons.clinic_base.tools.age import get_age

from . import gaps, sessions

DAY = timedelta(days=1)
# Taken of a shift when it comes into sight, and of what is left on the day before.
FAR, NEAR = 0.7, 0.85
# How long what is left of a day is booked up, back from the present.
LIVELY = 2 * DAY
# The network grows: in its first weeks a fifth of today's patients came, most of them
# sent by insurers, who pay once a month.
FIRST, GROWTH = 0.2, 3
EARLY, SENT = 16 * DAY, 0.8
# Of the visits that may be by video.
REMOTE = 0.2
FILLED = "clinic_schedule.demo_filled_until"
# Who comes to one specialist again and again.
REGULARS = 45


def fill(world, span):
    """Book the days that have come into sight, then what is left of tomorrow."""
    parameters = world.env["ir.config_parameter"]
    filled = fields.Datetime.to_datetime(parameters.get_param(FILLED))
    begin = filled or datetime.combine(span.start.date(), time.min)
    end = datetime.combine(span.stop.date(), time.min) + DAY * world.scale.days_ahead
    morning = span.start + min((span.stop - span.start) / 3, timedelta(hours=8))
    with world.at(morning):
        if begin < end:
            gathered = sessions.gather(world, begin, end)
            far = book_days(
                world, begin, end, lambda day: get_share(world, day), gathered
            )
            if is_lively(world, span.stop):
                far._notify_patient("booked")
            parameters.set_param(FILLED, fields.Datetime.to_string(end))
        if is_lively(world, span.stop):
            tomorrow = max(span.stop, datetime.combine(span.start.date(), time.min))
            near = book_days(
                world,
                tomorrow,
                tomorrow + DAY,
                lambda _day: NEAR * world.scale.fullness,
            )
            near._notify_patient("booked")


def get_share(world, moment):
    """How full a day is booked from afar: fewer came at first."""
    age = (world.now - moment) / (DAY * world.scale.days_back)
    grown = (1 - min(max(age, 0), 1)) ** GROWTH
    return world.scale.fullness * FAR * (FIRST + (1 - FIRST) * grown)


def is_lively(world, moment):
    """Whether ``moment`` is of these days or to come."""
    return moment > world.now - LIVELY


def book_days(world, begin, end, share_of, gathered=()):
    """Visits in what is free of all shifts between two moments (naive UTC), and the
    places in the sessions ``gathered``."""
    env = world.env
    shifts = env["clinic.shift"].search(
        [("start", "<", end), ("stop", ">", begin)], order="start, id"
    )
    busy, people = read_busy(env, begin, end)
    candidates = world.remember("candidates", find_candidates)
    rows = list(sessions.prepare_places(world, gathered, candidates, people))
    for shift in shifts:
        specialist = shift.specialist_id
        chance = world.random("fill", specialist.id, shift.start, begin)
        spans = gaps.free_spans(
            max(shift.start, begin),
            min(shift.stop, end),
            sorted(
                busy[specialist.resource_id.id] + busy[shift.room_id.resource_id.id]
            ),
        )
        placed = gaps.fill(spans, get_offers(specialist), share_of(shift.start), chance)
        is_early = world.now - shift.start > EARLY
        for visit in placed:
            day = (visit.start + timedelta(hours=5)).date()
            known = candidates[specialist]
            if is_early and chance.random() < SENT:
                known = [one for one in known if one.payment_source_id] or known
            patient = pick(known, people[day], chance)
            if patient:
                people[day].add(patient.id)
                is_remote = visit.offer.remote and chance.random() < REMOTE
                rows.append(prepare_visit(shift, visit, patient, is_remote))
    return book(world, rows)


def read_busy(env, begin, end):
    """({resource id: spans}, {day: ids of patients who come}) of what is taken."""
    occupancy = env["clinic.occupancy"].search_fetch(
        [("start", "<", end + DAY), ("stop", ">", begin - DAY), ("active", "=", True)],
        ["resource_id", "patient_id", "start", "stop"],
    )
    busy, people = defaultdict(list), defaultdict(set)
    for one in occupancy:
        if one.resource_id:
            busy[one.resource_id.id].append((one.start, one.stop))
        if one.patient_id:
            people[(one.start + timedelta(hours=5)).date()].add(one.patient_id.id)
    return busy, people


def find_candidates(world):
    """{specialist: patients of the right age who come to them}."""
    env = world.env
    # Whoever shows the demonstration makes cards of their own, without a birth date.
    patients = env["clinic.patient"].search([("birthdate", "!=", False)], order="id")
    patients.fetch(["birthdate", "sex", "payment_source_id"])
    today = world.now.date()
    ages = {one.id: get_age(one.birthdate, today, "RU") for one in patients}
    found = {}
    for specialist in env["clinic.specialist"].search([]):
        fitting = [
            one
            for one in patients
            if specialist.min_age + 1 <= ages[one.id] < specialist.max_age
            and _suits(specialist, one)
        ]
        chance = world.random("regulars", specialist.id)
        chance.shuffle(fitting)
        found[specialist] = fitting
    return found


def _suits(specialist, patient):
    codes = set(specialist.specialty_ids.mapped("code"))
    return "gynecology" not in codes or patient.sex == "female"


def pick(patients, taken, chance):
    """Somebody who has no other visit that day; mostly one of the regulars."""
    for _attempt in range(12):
        few = patients[:REGULARS] if chance.random() < 0.8 else patients
        if few and (patient := chance.choice(few)).id not in taken:
            return patient
    return None


def get_offers(specialist):
    """Services that the specialist gives, the main one first."""
    return [
        gaps.Offer(
            line.product_id.id,
            line.duration_repeat or line.product_id.duration,
            line.product_id.buffer_before,
            line.product_id.buffer_after,
            line.product_id.telemedicine_ok,
        )
        for line in specialist.service_line_ids
        if not (line.product_id.device_required or line.product_id.is_group)
    ]


def prepare_visit(shift, visit, patient, is_remote):
    """Values of the visit, as booking writes them."""
    return {
        "patient_id": patient.id,
        "specialist_id": shift.specialist_id.id,
        "service_id": visit.offer.service_id,
        "branch_id": shift.branch_id.id,
        "room_id": shift.room_id.id,
        "start": visit.start,
        "stop": visit.stop,
        "buffer_before": visit.offer.before,
        "buffer_after": visit.offer.after,
        "payment_source_id": patient.payment_source_id.id,
        "telemedicine": is_remote,
    }


def book(world, rows):
    """Visits of ``rows`` as the engine writes them, with all that follows a booking.

    Without the engine's search: what is free has been read just before, and the
    database refuses what is not.
    """
    env = world.env
    visits = env["clinic.appointment"]
    if not rows:
        return visits
    known = {
        (patient.id, specialist.id)
        for patient, specialist in visits._read_group(
            [("patient_id", "!=", False)], ["patient_id", "specialist_id"]
        )
    }
    clerks = env["res.users"].search([("login", "in", ("registrar", "callcenter"))])
    vals_list = []
    for number, row in zip(
        env["clinic.session"]._next_numbers(len(rows)), rows, strict=True
    ):
        pair = (row["patient_id"], row["specialist_id"])
        vals_list.append(
            {
                "session_id": number,
                **row,
                "state": "booked",
                "is_first": pair not in known,
                "placed_by_id": clerks[number % len(clerks)].id,
            }
        )
        known.add(pair)
    made = visits._as_engine().create(vals_list).with_env(env)
    made._claim_occupancy()
    for _branch, some in made.grouped("branch_id").items():
        some.with_company(some.company_id)._after_state_change(None, "booked")
    return made
