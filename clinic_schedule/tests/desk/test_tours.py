"""Ways through the web client, run by Odoo's own tours."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTours(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        branch = cls.env["clinic.branch"].create({"name": "Tour", "tz": "UTC"})
        department = cls.env["clinic.department"].create(
            {"name": "Tour", "branch_id": branch.id}
        )
        room = cls.env["clinic.room"].create(
            {"name": "Tour room", "department_id": department.id}
        )
        service = cls.env["product.product"].create(
            {
                "name": "Tour consultation",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
            }
        )
        specialist = cls.env["clinic.specialist"].create(
            {
                "name": "Tour guide",
                "service_line_ids": [Command.create({"product_id": service.id})],
            }
        )
        tomorrow = fields.Date.today() + timedelta(days=1)
        cls.env["clinic.shift"].create(
            {
                "specialist_id": specialist.id,
                "branch_id": branch.id,
                "room_id": room.id,
                "start": f"{tomorrow} 09:00:00",
                "stop": f"{tomorrow} 12:00:00",
            }
        )
        cls.patient = cls.env["clinic.patient"].create({"name": "Tourist"})
        new_test_user(cls.env, "tour_registrar", "clinic_base.group_registrar")

    def test_a_registrar_books_one_of_the_best_times(self):
        self.start_tour(
            "/odoo/new-visit", "clinic_schedule_new_visit", login="tour_registrar"
        )
        visit = self.env["clinic.appointment"].search(
            [("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(visit.state, "booked")
