"""Committed data for tests with several real transactions; removed afterwards."""

import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

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


class ParallelCase(BaseCase):
    """A small network, committed for all transactions to see."""

    # What a test case commits beside that; removed first, in this order.
    tables = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        # The thread that runs the tests keeps the registry's lock for itself.
        lock = patch.object(Registry, "_lock", threading.RLock())
        lock.start()
        cls.addClassCleanup(lock.stop)
        cls.start = datetime.now().replace(
            hour=9, minute=0, second=0, microsecond=0
        ) + timedelta(days=100)
        with cls.registry.cursor() as cr:
            cls.before = cls.get_last_ids(cr)
            cls.addClassCleanup(cls.remove)
            cls.create_data(api.Environment(cr, SUPERUSER_ID, {}))

    @classmethod
    def get_last_ids(cls, cr):
        last = {}
        for table in (*cls.tables, *TABLES):
            cr.execute(
                SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(table))
            )
            [last[table]] = cr.fetchone()
        return last

    @classmethod
    def remove(cls):
        """Physically, and only here: no record of the product can be deleted."""
        with cls.registry.cursor() as cr:
            for table in (*cls.tables, *TABLES):
                cr.execute(f"DELETE FROM {table} WHERE id > %s", [cls.before[table]])

    @contextmanager
    def open(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

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

    def run_together(self, calls):
        """Results or exceptions of calls(env) that start at the same moment."""
        barrier = threading.Barrier(len(calls))
        results = [None] * len(calls)

        def run(number, call):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env.cr.execute("SELECT 1")  # takes the snapshot
                    barrier.wait(timeout=30)
                    results[number] = call(env)
            except Exception as error:
                results[number] = error

        threads = [
            threading.Thread(target=run, args=pair, daemon=True)
            for pair in enumerate(calls)
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        return results

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
