from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import api
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase

# Committed by these tests, beside what the base class removes.
TABLES = ("clinic_encounter_leftover", "clinic_encounter", "res_users")


@tagged("-at_install", "post_install")
class TestTwoWriters(ParallelCase):
    """Two real transactions in one draft."""

    @classmethod
    def create_data(cls, env):
        result = super().create_data(env)
        for table in TABLES:
            env.cr.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
            [cls.before[table]] = env.cr.fetchone()
        user = new_test_user(
            env, "race_medic", groups="clinic_base.group_medical_chief"
        )
        encounter = env["clinic.encounter"].create(
            {
                "patient_id": cls.patients[0],
                "specialist_id": cls.specialists[0],
            }
        )
        cls.user_id, cls.encounter_id = user.id, encounter.id
        return result

    @classmethod
    def remove(cls):
        with cls.registry.cursor() as cr:
            for table in TABLES:
                cr.execute(f"DELETE FROM {table} WHERE id > %s", [cls.before[table]])
        return super().remove()

    @contextmanager
    def writer(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_id, {})
            yield env["clinic.encounter"].browse(self.encounter_id)

    def test_the_second_of_two_simultaneous_savings_reads_the_first_and_loses_nothing(
        self,
    ):
        with self.writer() as first, self.writer() as second:
            base = first.revision
            self.assertEqual(second.revision, base)  # takes its snapshot
            first.write({"complaint": "Первый", "revision": base})
            first.env.cr.commit()
            stale = {"complaint": "Второй", "revision": base}
            # The server runs a request again that fails so.
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                second.write(dict(stale))
            second.env.cr.rollback()
            second.invalidate_recordset()
            second.write(dict(stale))
            second.env.cr.commit()
        with self.writer() as encounter:
            self.assertEqual(encounter.complaint, "Первый")
            self.assertEqual(encounter.leftover_ids.texts, {"complaint": "Второй"})
