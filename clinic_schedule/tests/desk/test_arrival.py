from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user

from ...exceptions import SlotTakenError
from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestArrival(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift(room_id=cls.room.id)
        cls.create_shift(cls.other_specialist)
        cls.registrar = new_test_user(
            cls.env, "reg", groups="clinic_base.group_registrar"
        )

    def setUp(self):
        super().setUp()
        self.visit = self.book("09:00").with_user(self.registrar)

    def get_places(self):
        rows = self.env["clinic.occupancy"].search(
            [("appointment_id", "=", self.visit.id), ("role", "=", "room")]
        )
        return rows.resource_id

    def test_a_ready_room_stays(self):
        self.visit.action_arrive()
        self.assertEqual(self.visit.room_id, self.room)

    def test_whoever_arrives_gets_a_room_that_is_ready(self):
        for readiness in ("cleaning", "closed"):
            self.room.readiness = readiness
        self.visit.action_arrive()
        self.assertEqual(self.visit.state, "arrived")
        self.assertEqual(self.visit.room_id, self.other_room)
        self.assertEqual(self.get_places(), self.other_room.resource_id)
        self.assertEqual(self.visit.start, self.at(MONDAY, "09:00"))

    def test_a_late_patient_gets_another_room_too(self):
        self.room.readiness = "cleaning"
        self.freeze(self.at(MONDAY, "09:10"), self.addCleanup)
        self.visit.action_arrive()
        self.assertEqual(self.visit.room_id, self.other_room)

    def test_without_another_room_the_planned_one_stays(self):
        self.room.readiness = "cleaning"
        self.book("09:00", patient=self.other_patient, specialist=self.other_specialist)
        self.visit.action_arrive()
        self.assertEqual((self.visit.state, self.visit.room_id), ("arrived", self.room))
        with self.assertRaises(SlotTakenError):
            self.visit.action_another_room()

    def test_another_room_is_one_that_the_specialist_works_in(self):
        self.specialist.room_ids = self.room
        self.room.readiness = "cleaning"
        self.visit.action_arrive()
        self.assertEqual(self.visit.room_id, self.room)

    def test_the_desk_changes_rooms_until_the_visit_begins(self):
        self.visit.action_another_room()
        self.assertEqual(self.visit.room_id, self.other_room)
        self.visit.action_arrive()
        self.visit.action_start()
        with self.assertRaises(UserError):
            self.visit.action_another_room()
