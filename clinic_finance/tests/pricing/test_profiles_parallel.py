from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase


@tagged("-at_install", "post_install")
class TestTwoOpenings(ParallelCase):
    """Two real transactions open the same profiles."""

    def open_profiles(self, env):
        # Not stored: a dialog would stay behind.
        dialog = env["clinic.profile.open"].new(
            {"date_from": "2026-01-01", "price_mode": "list"}
        )
        patients = env["clinic.patient"].browse(self.patients)
        return dialog._insert(patients, [(self.specialists[0], self.service)])

    def test_each_profile_is_opened_once(self):
        with self.open() as first, self.open() as second:
            # Both look before either has written.
            for env in (first, second):
                env.cr.execute("SELECT count(*) FROM clinic_visit_profile")
            opened = len(self.open_profiles(first))
            self.assertTrue(opened)
            first.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(SerializationFailure),
            ):
                self.open_profiles(second)
            second.cr.rollback()
            self.assertFalse(self.open_profiles(second))


@tagged("-at_install", "post_install")
class TestTwoFirstVisits(ParallelCase):
    """Two clerks book for one patient and specialist who have not met yet."""

    def test_both_bookings_stand_and_the_profile_is_opened_once(self):
        with self.open() as first, self.open() as second:
            # Both look before either has written.
            for env in (first, second):
                env.cr.execute("SELECT count(*) FROM clinic_visit_profile")
            vals = self.prepare(specialist=1, patient=1, minutes=60)
            first["clinic.appointment"].book(vals)
            first.cr.commit()
            with mute_logger("odoo.sql_db"):
                later = self.prepare(specialist=1, patient=1, minutes=180)
                second["clinic.appointment"].book(later)
        pair = [
            ("patient_id", "=", self.patients[1]),
            ("specialist_id", "=", self.specialists[1]),
        ]
        with self.open() as env:
            self.assertEqual(env["clinic.appointment"].search_count(pair), 2)
            self.assertEqual(env["clinic.visit.profile"].search_count(pair), 1)
