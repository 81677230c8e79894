"""Many bookings in a row: one phone, one address, the whole site."""

from odoo.tests import new_test_user, tagged

from .test_booking_page import BookingPageCase


@tagged("-at_install", "post_install")
class TestSiteFlood(BookingPageCase):
    def book_many(self, count, **details):
        """Statuses of ``count`` bookings, each of another minute and person."""
        return [
            self.confirm(
                slot=self.slot(30 * number),
                **{
                    "name": f"Новикова Дарья {'абвгдежзик'[number] * 3}",
                    "phone": f"+7916555443{number}",
                    **details,
                },
            ).status_code
            for number in range(count)
        ]

    def get_company(self):
        return self.branch.company_id

    def test_one_phone_is_booked_a_few_times_a_day(self):
        self.get_company().clinic_site_phone_daily = 2
        self.assertEqual(self.book_many(4, phone="+79165554433"), [200, 200, 429, 429])
        self.assertEqual(len(self.visits()), 2)
        messages = self.env["clinic.message"].search(
            [("appointment_id", "in", self.visits().ids)]
        )
        self.assertEqual(len(messages), 2)

    def test_one_address_books_so_many_an_hour(self):
        self.get_company().clinic_site_hourly = 3
        self.assertEqual(self.book_many(5), [200, 200, 200, 429, 429])
        self.assertEqual(len(self.visits()), 3)

    def test_one_address_books_so_many_a_day(self):
        self.get_company().clinic_site_daily = 1
        self.assertEqual(self.book_many(2), [200, 429])

    def test_all_sites_together_are_limited_and_administrators_hear_of_it_once(self):
        admin = new_test_user(
            self.env, "alarm", groups="clinic_base.group_clinic_admin"
        )
        self.get_company().clinic_site_minutely = 2
        self.assertEqual(self.book_many(5), [200, 200, 429, 429, 429])
        told = self.env["mail.message"].search(
            [("partner_ids", "in", admin.partner_id.ids)]
        )
        self.assertEqual(len(told), 1)

    def test_a_cancelled_visit_gives_no_place_back(self):
        """Its message has gone."""
        self.get_company().clinic_site_phone_daily = 1
        reason = self.env["clinic.cancel.reason"].create({"name": "Asked"})
        self.confirm()
        self.visits().cancel(reason.id)
        self.assertEqual(self.confirm().status_code, 429)

    def test_an_honest_visitor_is_asked_to_call(self):
        self.get_company().clinic_site_phone_daily = 0
        self.branch.phone = "+7 495 000-00-00"
        page = self.confirm()
        self.assertEqual(page.status_code, 429)
        self.assertIn("+7 495 000-00-00", page.text)
