from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import FinanceCommon

NEXT = MONDAY + timedelta(days=7)


@tagged("-at_install", "post_install")
class TestPayerDays(FinanceCommon):
    """A relative pays for visits on the days on which the card says so, no others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift(day=NEXT, room_id=cls.room.id)
        cls.mother = cls.other_patient.partner_id
        cls.own = cls.patient.partner_id
        cls.patient.birthdate = "2012-03-01"
        cls.relation = cls.env["clinic.patient.relation"].create(
            {
                "patient_id": cls.patient.id,
                "related_id": cls.other_patient.id,
                "kind": "mother",
                "pays": True,
                "date_from": "2026-01-01",
            }
        )
        cls.patient.payer_id = cls.mother

    def book_on(self, day, **vals):
        start = self.at(day, "09:00").strftime("%Y-%m-%d %H:%M:%S")
        return self.book(start=start, **vals)

    def get_payers(self, *visits):
        return [visit.charge_ids.payer_id for visit in visits]

    def test_the_cards_payer_pays_until_the_relation_ends(self):
        self.relation.date_to = MONDAY
        visits = self.book_on(MONDAY), self.book_on(NEXT)
        self.assertEqual(self.get_payers(*visits), [self.mother, self.own])

    def test_who_is_named_has_to_pay_on_the_day_of_the_visit(self):
        self.patient.payer_id = False
        self.relation.date_to = MONDAY
        visit = self.book_on(MONDAY, payer_id=self.mother.id)
        self.assertEqual(self.get_payers(visit), [self.mother])
        with self.assertRaises(ValidationError):
            self.book_on(NEXT, payer_id=self.mother.id)

    def test_parents_pay_until_the_patient_is_of_age(self):
        self.patient.birthdate = NEXT.replace(year=NEXT.year - 18)
        visits = self.book_on(MONDAY), self.book_on(NEXT)
        self.assertEqual(self.get_payers(*visits), [self.mother, self.own])

    def test_a_series_goes_on_after_its_payer_has_ended(self):
        self.relation.date_to = MONDAY
        self.patient.payer_id = False
        series = self.env["clinic.appointment.series"]
        series = series.browse(
            series.book_series(
                {
                    "patient_id": self.patient.id,
                    "specialist_id": self.specialist.id,
                    "service_id": self.service.id,
                    "branch_id": self.branch.id,
                    "weekday": MONDAY.weekday(),
                    "minute_of_day": 600,
                    "date_from": str(MONDAY),
                    "date_to": str(NEXT),
                    "payer_id": self.mother.id,
                }
            )
        )
        visits = self.visits.search([("series_id", "=", series.id)], order="start")
        self.assertEqual(self.get_payers(*visits), [self.mother, self.own])
        self.assertEqual(visits.mapped("payer_id"), self.mother)

    def test_what_is_booked_follows_the_end_of_the_relation(self):
        named = self.book_on(MONDAY, payer_id=self.mother.id)
        later = self.book_on(NEXT, payer_id=self.mother.id)
        relation = self.relation.with_user(self.registrar)
        relation.date_to = MONDAY
        self.assertEqual(self.get_payers(named, later), [self.mother, self.own])
        self.assertEqual(later.charge_ids.log_ids.changed, "payer_id")
        self.assertFalse(later.payer_id)
        relation.pays = False
        self.assertEqual(self.get_payers(named, later), [self.own, self.own])

    def test_what_is_booked_follows_an_archived_relation_and_a_birthday(self):
        visit = self.book_on(NEXT)
        self.patient.birthdate = "2008-03-01"
        self.assertEqual(self.get_payers(visit), [self.own])
        self.patient.birthdate = "2012-03-01"
        other = self.book_on(MONDAY)
        self.assertEqual(self.get_payers(other), [self.mother])
        self.relation.archive_with_reason("Not the mother")
        self.assertEqual(self.get_payers(other), [self.own])

    def test_a_visit_that_moves_behind_the_end_leaves_the_payer(self):
        self.relation.date_to = MONDAY
        visit = self.book_on(MONDAY, payer_id=self.mother.id)
        visit.reschedule(str(self.at(NEXT, "11:00")))
        self.assertEqual(self.get_payers(visit), [self.own])
        self.assertFalse(visit.payer_id)

    def test_what_is_invoiced_stays_with_its_payer(self):
        visit = self.book_on(NEXT)
        invoice = self.invoice(visit)
        self.relation.date_to = MONDAY
        self.assertEqual(invoice.partner_id, self.mother)
        self.assertEqual(self.get_payers(visit), [self.mother])

    def test_a_correction_knows_the_day_too(self):
        self.relation.date_to = MONDAY
        charge = self.book_on(NEXT).charge_ids.with_user(self.accountant)
        with self.assertRaises(ValidationError):
            charge.action_correct({"payer_id": self.mother.id}, "As ever")

    def test_the_account_is_that_of_todays_payer(self):
        self.assertEqual(self.patient._get_private_payer(), self.mother)
        with self.at_moment(self.env.cr.now() + timedelta(days=1000)):
            self.relation.date_to = MONDAY
            self.assertEqual(self.patient._get_private_payer(), self.own)
