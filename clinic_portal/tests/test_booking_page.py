import re
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tools.walltime import to_utc

DETAILS = {
    "name": "Новикова Дарья Ивановна",
    "phone": "8 916 555-44-33",
    "birthdate": "1990-05-17",
    "sex": "female",
    "consent": "1",
}


class BookingPageCase(HttpCase):
    """The clock runs: the shift is made for the third day from today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        env.company.country_id = env.ref("base.ru")
        cls.branch = env["clinic.branch"].create(
            {"name": "North", "tz": "Europe/Moscow"}
        )
        department = env["clinic.department"].create(
            {"name": "Department", "branch_id": cls.branch.id}
        )
        cls.room = env["clinic.room"].create(
            {"name": "Room 1", "department_id": department.id}
        )
        cls.service = env["product.product"].create(
            {
                "name": "Consultation",
                "type": "service",
                "is_clinic_service": True,
                "duration": 30,
                "list_price": 1000,
            }
        )
        cls.specialist = env["clinic.specialist"].create(
            {
                "name": "Anna Orlova",
                "service_line_ids": [
                    fields.Command.create({"product_id": cls.service.id})
                ],
            }
        )
        day = fields.Date.add(fields.Date.today(), days=3)
        cls.start = to_utc(day, 9 * 60, "Europe/Moscow")
        env["clinic.shift"].create(
            {
                "specialist_id": cls.specialist.id,
                "branch_id": cls.branch.id,
                "room_id": cls.room.id,
                "start": cls.start,
                "stop": to_utc(day, 12 * 60, "Europe/Moscow"),
            }
        )

    def slot(self, minutes=0):
        parts = (
            fields.Datetime.to_string(self.start + timedelta(minutes=minutes)),
            self.specialist.id,
            self.service.id,
            self.room.id,
            self.branch.id,
        )
        return "|".join(map(str, parts))

    def post(self, path, **data):
        page = self.url_open("/clinic/specialists")
        [token] = re.findall(r'csrf_token: "([^"]+)"', page.text)
        return self.url_open(path, data={"csrf_token": token, **data})

    def visits(self):
        return self.env["clinic.appointment"].search(
            [("specialist_id", "=", self.specialist.id)]
        )

    def confirm(self, slot=None, **details):
        """What the site answers to the form of a visitor."""
        return self.post(
            "/clinic/booking/confirm",
            slot=slot or self.slot(),
            **{**DETAILS, **details},
        )


@tagged("-at_install", "post_install")
class TestBookingPage(BookingPageCase):
    def test_a_visitor_books_and_gets_a_card(self):
        page = self.post("/clinic/booking/confirm", slot=self.slot(), **DETAILS)
        self.assertIn("fa-check-circle", page.text)
        visit = self.visits()
        self.assertEqual((visit.state, visit.start), ("booked", self.start))
        patient = visit.patient_id
        self.assertEqual(patient.phone_ids.number_e164, "+79165554433")
        self.assertEqual(patient.consent_ids.kind, "personal_data")

    def test_wrong_details_come_back_with_a_message_and_nothing_is_lost(self):
        wrong = {**DETAILS, "phone": "12", "consent": ""}
        page = self.post("/clinic/booking/confirm", slot=self.slot(), **wrong)
        self.assertEqual(page.text.count("invalid-feedback"), 2)
        self.assertIn("Новикова Дарья Ивановна", page.text)
        self.assertFalse(self.visits())

    def test_a_time_that_is_gone_is_said_and_another_offered(self):
        self.post("/clinic/booking/confirm", slot=self.slot(), **DETAILS)
        late = {**DETAILS, "name": "Петров Пётр", "phone": "+79165554400"}
        page = self.post("/clinic/booking/confirm", slot=self.slot(), **late)
        self.assertNotIn("fa-check-circle", page.text)
        self.assertNotIn("Новикова", page.text)
        self.assertEqual(len(self.visits()), 1)

    def test_another_time_goes_on_with_what_was_typed(self):
        self.confirm()
        late = {"name": "Петров Пётр", "phone": "+79165554400"}
        page = html.fromstring(self.confirm(**late).text)
        [form] = page.xpath("//form[@action='/clinic/booking']")
        kept = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
        buttons = form.xpath(".//button[@name='slot']/@value")
        self.assertTrue(buttons)
        kept.pop("csrf_token")
        again = html.fromstring(
            self.post("/clinic/booking", slot=buttons[0], **kept).text
        )
        [form] = again.xpath("//form[@action='/clinic/booking/confirm']")
        typed = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
        self.assertEqual(typed["name"], "Петров Пётр")
        self.assertEqual(typed["phone"], "+79165554400")
        self.assertEqual(typed["birthdate"], DETAILS["birthdate"])

    def test_the_same_form_sent_again_says_booked_and_books_once(self):
        """Back and send again, a double tap, a bad line."""
        for _sending in range(3):
            self.assertIn("fa-check-circle", self.confirm().text)
        self.assertEqual(len(self.visits()), 1)
        sent = self.env["clinic.message"].search(
            [("appointment_id", "=", self.visits().id)]
        )
        self.assertEqual(len(sent), 1)

    def test_a_form_sent_again_after_its_visit_was_moved_says_where_it_stands(self):
        self.confirm()
        later = self.start + timedelta(hours=1)
        self.visits().reschedule(fields.Datetime.to_string(later))
        page = self.confirm().text
        self.assertIn("fa-check-circle", page)
        self.assertIn("10:00", page)
        self.assertEqual(len(self.visits()), 1)

    def test_a_form_sent_again_after_its_visit_was_cancelled_books_anew(self):
        self.confirm()
        reason = self.env["clinic.cancel.reason"].create({"name": "Asked"})
        self.visits().cancel(reason.id)
        self.assertIn("fa-check-circle", self.confirm().text)
        self.assertEqual(sorted(self.visits().mapped("state")), ["booked", "cancelled"])

    def test_another_person_of_the_same_browser_is_told_that_the_time_is_gone(self):
        self.confirm()
        self.assertNotIn("fa-check-circle", self.confirm(name="Новикова Анна").text)

    def test_a_robot_that_fills_the_hidden_field_books_nothing(self):
        self.post("/clinic/booking/confirm", slot=self.slot(), website="x", **DETAILS)
        self.assertFalse(self.visits())

    def test_a_service_not_on_the_site_cannot_be_booked_there(self):
        self.service.is_public = False
        self.post("/clinic/booking/confirm", slot=self.slot(), **DETAILS)
        self.assertFalse(self.visits())

    def test_no_address_of_the_site_books_by_get(self):
        self.url_open(f"/clinic/booking/confirm?slot={self.slot()}&name=x")
        self.assertFalse(self.visits())
