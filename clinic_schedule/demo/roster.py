"""Two halves of a day, seven days a week; each specialist is off on one of them."""

from datetime import timedelta

# Wall time of the branches by their order: early half, late half (minutes).
HALVES = (
    ((7 * 60, 15 * 60 + 30), (15 * 60 + 30, 24 * 60)),
    ((7 * 60 + 30, 14 * 60 + 30), (14 * 60 + 30, 21 * 60 + 30)),
    ((7 * 60, 15 * 60), (15 * 60, 23 * 60)),
)
ALWAYS = ("specialist",)
# Days beyond the filled ones for which shifts are written.
BEYOND = 14


def write_patterns(world):
    """Weekly hours; neighbours in the list have different halves and days off."""
    env = world.env
    companies = env["res.company"].search([])
    companies.write({"clinic_horizon": world.scale.days_ahead + BEYOND})
    companies.write({"clinic_series_weeks": 8, "clinic_public_horizon": 28})
    branches = env["clinic.branch"].search([])
    first = (world.now - timedelta(days=world.scale.days_back + 1)).date()
    vals_list = []
    for number, specialist in enumerate(env["clinic.specialist"].search([])):
        room = specialist.room_ids
        halves = HALVES[branches.ids.index(room.branch_id.id)]
        hours, off = halves[number % 2], {number * 3 % 7}
        if specialist.user_id.login in ALWAYS:
            # Whoever signs in finds a day of their own, whenever that is.
            hours, off = (halves[0][0], halves[1][1]), set()
        vals_list += [
            {
                "specialist_id": specialist.id,
                "branch_id": room.branch_id.id,
                "room_id": room.id,
                "weekday": str(weekday),
                "minute_from": hours[0],
                "minute_to": hours[1],
                "date_from": first,
                "on_holidays": True,
            }
            for weekday in range(7)
            if weekday not in off
        ]
    env["clinic.shift.pattern"].create(vals_list)


def prolong(world, span):
    """Shifts as far ahead as visits are booked, if the nightly job has not run."""
    env = world.env
    last = span.stop.date() + timedelta(days=world.scale.days_ahead + 2)
    [(latest,)] = env["clinic.shift"]._read_group([], [], ["day:max"])
    if latest and latest >= last:
        return
    patterns = env["clinic.shift.pattern"].search([])
    with world.at(span.start):
        patterns._generate(span.start.date(), last + timedelta(days=BEYOND))
