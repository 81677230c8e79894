"""What one booking costs with every module installed and every hook at work.

A registrar books; the charge, the profile, the message, the specialist's notice and
what goes to their screen are written with it. Earlier bookings have filled the caches.
"""

from clinic_cli import databases, odoo
from clinic_cli.progress import Progress

# Of a patient who comes again to the same specialist, as four of five do; and of one
# who comes for the first time: their card is read, and a profile is opened inside a
# savepoint.
AGAIN, FIRST = 25, 29

BOOKINGS = """
from datetime import timedelta

from odoo import fields

branch = env["clinic.branch"].create({"name": "Budget", "tz": "Europe/Moscow"})
department = env["clinic.department"].create(
    {"name": "Budget", "branch_id": branch.id}
)
env["clinic.room"].create({"name": "One", "department_id": department.id})
service = env["product.product"].create(
    {
        "name": "Consultation",
        "type": "service",
        "is_clinic_service": True,
        "duration": 30,
        "lst_price": 3000,
    }
)
doctor, registrar = env["res.users"].with_context(no_reset_password=True).create(
    [
        {
            "name": group,
            "login": f"budget_{group}",
            "email": f"{group}@example.com",
            "group_ids": [(4, env.ref(f"clinic_base.group_{group}").id)],
        }
        for group in ("medical", "registrar")
    ]
)
specialist = env["clinic.specialist"].create(
    {
        "name": "Anna",
        "user_id": doctor.id,
        "service_line_ids": [(0, 0, {"product_id": service.id})],
    }
)
patients = env["clinic.patient"].create(
    [
        {
            "name": f"Patient {number}",
            "phone_ids": [(0, 0, {"number_e164": f"+791600000{number}"})],
        }
        for number in range(10, 13)
    ]
)
now = fields.Datetime.now().replace(hour=6, minute=0, second=0, microsecond=0)
start = now + timedelta(days=2)
env["clinic.shift"].create(
    {
        "specialist_id": specialist.id,
        "branch_id": branch.id,
        "start": start,
        "stop": start + timedelta(hours=8),
    }
)
env.cr.commit()
visits = env(user=registrar.id)["clinic.appointment"]


def book(patient, hours):
    before = env.cr.sql_log_count
    visit_id = visits.book(
        {
            "service_id": service.id,
            "specialist_id": specialist.id,
            "patient_id": patient.id,
            "start": fields.Datetime.to_string(start + timedelta(hours=hours)),
        }
    )
    env.flush_all()
    env.cr.precommit.run()
    statements = env.cr.sql_log_count - before
    visit = env["clinic.appointment"].browse(visit_id)
    assert visit.charge_ids and env["clinic.message"].search(
        [("appointment_id", "=", visit_id)]
    )
    return statements


book(patients[0], 0)
book(patients[1], 1)
first = book(patients[2], 2)
again = book(patients[0], 3)
answer = [again, first]
"""


def test_a_booking_with_every_module_stays_within_its_statements(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        again, first = odoo.ask(database, BOOKINGS)
    assert again <= AGAIN
    assert first <= FIRST
