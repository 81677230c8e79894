from odoo.tests import TransactionCase, tagged

EXCLUSIONS = {
    "clinic_occupancy_resource_no_overlap": (True, "NOT overbooked"),
    "clinic_occupancy_patient_no_overlap": (True, "NOT overbooked"),
    "clinic_shift_specialist_no_overlap": (True, "active"),
    "clinic_shift_room_no_overlap": (True, "NOT room_shared"),
    "clinic_visit_profile_no_overlap": (False, "active"),
}
CHECKS = {
    "clinic_occupancy_stop_after_start",
    "clinic_occupancy_whole_minutes",
    "clinic_occupancy_one_owner",
    "clinic_occupancy_overbooking_explained",
    "clinic_occupancy_hold_expires",
    "clinic_shift_length",
    "clinic_appointment_patient_known",
    "clinic_appointment_cancel_explained",
}
UNIQUE_INDEXES = {
    "clinic_occupancy_appointment_role",
    "clinic_occupancy_session_role",
    "clinic_appointment_patient_once",
    "clinic_appointment_seat_once",
    "clinic_limit_claim_number_once",
}


@tagged("post_install", "-at_install")
class TestConstraints(TransactionCase):
    """Odoo only logs a constraint that fails to install; these must be there."""

    def test_exclusion_constraints_are_in_the_database(self):
        self.env.cr.execute(
            """
            SELECT conname, condeferrable, pg_get_constraintdef(oid)
              FROM pg_constraint
             WHERE contype = 'x' AND conname LIKE 'clinic%'
            """
        )
        found = {
            name: (deferrable, text)
            for name, deferrable, text in self.env.cr.fetchall()
        }
        for name, (deferrable, predicate) in EXCLUSIONS.items():
            self.assertIn(name, found)
            self.assertEqual(found[name][0], deferrable, name)
            self.assertIn(predicate, found[name][1])
        self.assertIn(
            "session_id WITH <>", found["clinic_occupancy_resource_no_overlap"][1]
        )

    def test_checks_and_unique_indexes_are_in_the_database(self):
        self.env.cr.execute("SELECT conname FROM pg_constraint WHERE contype = 'c'")
        self.assertLessEqual(CHECKS, {name for (name,) in self.env.cr.fetchall()})
        self.env.cr.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique"
        )
        self.assertLessEqual(
            UNIQUE_INDEXES, {name for (name,) in self.env.cr.fetchall()}
        )
