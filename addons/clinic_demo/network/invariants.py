"""What must hold of every world, however its days were made."""

from odoo.tools import SQL

# name: a statement that finds what breaks the rule
STATEMENTS = {
    "a visit that takes time without its rows of occupancy": """
        SELECT visit.id FROM clinic_appointment visit
         WHERE visit.state IN ('booked', 'confirmed', 'arrived', 'in_progress', 'done')
           AND visit.group_session_id IS NULL
           AND (SELECT count(*) FROM clinic_occupancy one
                 WHERE one.appointment_id = visit.id AND one.active
                   AND one.role IN ('specialist', 'room', 'patient')) < 3
           AND visit.room_id IS NOT NULL""",
    "two visits of one resource at the same time": """
        SELECT one.id FROM clinic_occupancy one
          JOIN clinic_occupancy other
            ON other.resource_id = one.resource_id AND other.id > one.id
           AND other.session_id <> one.session_id
           AND tsrange(one.start, one.stop) && tsrange(other.start, other.stop)
         WHERE one.active AND other.active
           AND NOT one.overbooked AND NOT other.overbooked""",
    "a visit that is over and still waits": """
        SELECT id FROM clinic_appointment
         WHERE state IN ('booked', 'confirmed', 'arrived', 'in_progress')
           AND stop <= %(now)s""",
    "a done visit whose revenue is not posted, other than once a month": """
        SELECT charge.id FROM clinic_charge charge
          JOIN clinic_appointment visit ON visit.id = charge.appointment_id
         WHERE visit.state = 'done' AND charge.state <> 'cancelled'
           AND charge.posted_on IS NULL AND charge.amount > 0
           AND charge.invoicing <> 'monthly'""",
    "a paid charge whose invoice is not paid": """
        SELECT charge.id FROM clinic_charge charge
          JOIN account_move_line line ON line.clinic_charge_id = charge.id
          JOIN account_move move ON move.id = line.move_id
         WHERE charge.state = 'paid' AND charge.posted_on IS NOT NULL
           AND move.move_type = 'out_invoice' AND move.state = 'posted'
           AND move.amount_residual > 0 AND move.clinic_appointment_id IS NOT NULL
           AND (SELECT count(*) FROM account_move_line other
                 WHERE other.move_id = move.id
                   AND other.clinic_charge_id IS NOT NULL) = 1""",
    "an entry that does not balance": """
        SELECT move_id FROM account_move_line WHERE parent_state = 'posted'
         GROUP BY move_id HAVING abs(sum(balance)) > 0.001""",
    "a message that is said to have arrived and has no text": """
        SELECT id FROM clinic_message
         WHERE state = 'delivered' AND (body IS NULL OR recipient IS NULL)""",
    "a message that is under way for nobody": """
        SELECT id FROM clinic_message WHERE state IN ('sending', 'uncertain')""",
}


def find_faults(env, now):
    """Sentences on what does not hold, with the first ids; an empty list if all does.

    :param now: naive UTC, the present of the world
    """
    env.flush_all()
    faults = []
    for name, statement in STATEMENTS.items():
        rows = env.execute_query(SQL(f"{statement} LIMIT 5", now=now))
        if rows:
            faults.append(f"{name}: {[row[0] for row in rows]}")
    return faults + find_broken_seals(env)


def find_broken_seals(env):
    """Of the latest protocols those whose seal does not hold, as the chief sees it."""
    chief = env.ref("clinic_base.group_medical_chief").user_ids[:1]
    encounters = env["clinic.encounter"].with_user(chief)
    signed = encounters.search([("state", "!=", "draft")], limit=200)
    broken = signed.filtered("is_altered")
    return [f"a protocol whose seal does not hold: {broken.ids[:5]}"] if broken else []
