"""A small network, committed for all transactions to see; removed afterwards."""

from datetime import datetime, timedelta

from odoo import Command

from odoo.addons.clinic_base.tests.parallel import CommittedCase

TABLES = (
    "clinic_message",
    "clinic_occupancy",
    "clinic_limit_claim",
    "clinic_appointment_log",
    "clinic_appointment",
    "clinic_session",
    "clinic_cancel_reason",
    "clinic_shift",
    "clinic_visit_profile",
    "clinic_specialist_service",
    "clinic_specialist",
    "clinic_room",
    "clinic_department",
    "clinic_branch",
    "clinic_patient_phone",
    "clinic_patient",
    "res_partner",
    "product_product",
    "product_template",
    "resource_resource",
)


class ParallelCase(CommittedCase):
    """A small network, committed for all transactions to see.

    ``tables`` are what a test class commits beside that; removed first.
    """

    @classmethod
    def setUpClass(cls):
        cls.start = datetime.now().replace(
            hour=9, minute=0, second=0, microsecond=0
        ) + timedelta(days=100)
        super().setUpClass()

    @classmethod
    def get_tables(cls):
        return (*cls.tables, *TABLES)

    @classmethod
    def create_data(cls, env):
        branch = env["clinic.branch"].create({"name": "Race", "tz": "Europe/Moscow"})
        department = env["clinic.department"].create(
            {"name": "Race", "branch_id": branch.id}
        )
        rooms = env["clinic.room"].create(
            [{"name": f"Race {n}", "department_id": department.id} for n in range(8)]
        )
        service = env["product.product"].create(
            {
                # Free of charge: other modules add nothing that would have to go.
                "list_price": 0,
                "name": "Race",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
            }
        )
        group = env["product.product"].create(
            {
                "list_price": 0,
                "name": "Race in a group",
                "type": "service",
                "is_clinic_service": True,
                "is_group": True,
                "duration": 30,
            }
        )
        specialists = env["clinic.specialist"].create(
            [
                {
                    "name": f"Race {n}",
                    "service_line_ids": [
                        Command.create({"product_id": one.id})
                        for one in (service, group)
                    ],
                }
                for n in range(8)
            ]
        )
        cls.branch, cls.group = branch.id, group.id
        cls.reason = env["clinic.cancel.reason"].create({"name": "Race"}).id
        patients = env["clinic.patient"].create(
            [{"name": f"Race {n}"} for n in range(8)]
        )
        cls.shifts = (
            env["clinic.shift"]
            .create(
                [
                    {
                        "specialist_id": specialist.id,
                        "branch_id": branch.id,
                        "start": cls.start,
                        "stop": cls.start + timedelta(hours=8),
                    }
                    for specialist in specialists
                ]
            )
            .ids
        )
        cls.rooms, cls.service = rooms.ids, service.id
        cls.specialists, cls.patients = specialists.ids, patients.ids

    def prepare(self, specialist=0, patient=0, minutes=0, **vals):
        start = self.start + timedelta(minutes=minutes)
        return {
            "service_id": self.service,
            "specialist_id": self.specialists[specialist],
            "patient_id": self.patients[patient],
            "start": start.strftime("%Y-%m-%d %H:%M:%S"),
            **vals,
        }

    def assert_no_overlap(self):
        with self.registry.cursor() as cr:
            cr.execute(
                """
                SELECT count(*)
                  FROM clinic_occupancy one
                  JOIN clinic_occupancy other
                    ON one.id < other.id
                   AND (one.resource_id = other.resource_id
                        OR one.patient_id = other.patient_id)
                   AND one.start < other.stop AND other.start < one.stop
                 WHERE one.active AND other.active AND one.id > %s
                """,
                [self.before["clinic_occupancy"]],
            )
            self.assertEqual(cr.fetchone()[0], 0)
