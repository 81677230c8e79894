"""Visitors of the site at the same moment, as real transactions."""

from odoo.tests import tagged

from odoo.addons.clinic_schedule.exceptions import SlotTakenError, TooManyCallsError
from odoo.addons.clinic_schedule.tests.parallel import ParallelCase

from ..tools.booking_form import Form, Slot


@tagged("post_install", "-at_install")
class TestSiteRace(ParallelCase):
    tables = ("clinic_site_claim", "clinic_patient_duplicate", "clinic_consent")

    def prepare_form(self, number, minutes=0, key=None, phone=None, name="Visitor"):
        vals = self.prepare(minutes=minutes)
        slot = Slot(
            vals["start"], vals["specialist_id"], vals["service_id"], None, self.branch
        )
        details = {
            "name": f"Race {name} {number}",
            "phone": phone or f"+7916000000{number}",
            "birthdate": "1990-05-17",
            "sex": "female",
            "email": False,
        }
        return Form(slot, details, key or f"race {minutes} {number}", "")

    def send(self, *forms):
        return self.run_together(
            [
                lambda env, form=form: env["clinic.appointment"]._book_on_site(
                    form, env["clinic.patient"]
                )
                for form in forms
            ]
        )

    def test_losers_get_the_next_best_times(self):
        results = self.send(*(self.prepare_form(n, name="Loser") for n in range(6)))
        won = [result for result in results if isinstance(result, Slot)]
        lost = [result for result in results if isinstance(result, SlotTakenError)]
        self.assertEqual((len(won), len(lost)), (1, 5), results)
        self.assertTrue(all(error.context["slots"] for error in lost))
        with self.open() as env:
            cards = env["clinic.patient"].search(
                [("search_name", "=like", "race loser%")]
            )
            self.assertEqual(len(cards), 1, "losers leave no card")

    def test_a_double_tap_books_once_and_says_so_twice(self):
        form = self.prepare_form(7, minutes=60)
        results = self.send(form, form, form)
        self.assertEqual({slot.start for slot in results}, {form.slot.start}, results)
        with self.open() as env:
            visits = env["clinic.appointment"].search([("site_key", "=", form.key)])
            self.assertEqual(len(visits), 1)

    def test_the_last_place_of_a_phone_is_taken_once(self):
        with self.open() as env:
            company = env["clinic.branch"].browse(self.branch).company_id
            before = company.clinic_site_phone_daily
            company.clinic_site_phone_daily = 2
        forms = [
            self.prepare_form(n, minutes=120 + 30 * n, phone="+79169999999")
            for n in range(5)
        ]
        results = self.send(*forms)
        with self.open() as env:
            env["res.company"].browse(company.id).clinic_site_phone_daily = before
        won = [result for result in results if isinstance(result, Slot)]
        lost = [result for result in results if isinstance(result, TooManyCallsError)]
        self.assertEqual((len(won), len(lost)), (2, 3), results)
