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
