from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.clinic_finance.tests.common import MONDAY

from ..tools.scoring import features_of
from .decisions import DecisionCommon

WEEK = timedelta(days=7)


@tagged("post_install", "-at_install")
class TestFacts(DecisionCommon):
    def test_a_booked_visit_is_told_with_its_price_and_its_hour_in_branch_time(self):
        visit = self.book("09:00")
        fact = self.read_fact(visit)
        self.assertEqual((fact.price, fact.unpaid, fact.prepaid), (3000, 3000, False))
        self.assertEqual((fact.hour, fact.weekday, fact.new_patient), (9, "1", True))
        self.assertEqual(fact.days_to_visit, 1.0)

    def test_a_paid_visit_owes_nothing_and_did_before_it_was_paid(self):
        visit = self.book()
        invoice = self.invoice(visit)
        before = self.env.cr.now()
        with self.later(hours=2):
            self.pay(invoice)
            fact = self.read_fact(visit)
            self.assertEqual((fact.unpaid, fact.prepaid), (0, True))
        fact = self.read_fact(visit, before)
        self.assertEqual((fact.unpaid, fact.prepaid), (3000, False))

    def test_the_debt_is_that_of_posted_items_less_money_on_the_account(self):
        visit = self.book()
        self.owe(1000, days=10)
        draft = self.owe(700, days=2)
        draft.button_draft()
        self.pay(self.owe(400, days=20))
        fact = self.read_fact(visit)
        self.assertEqual((fact.debt, fact.overdue, fact.overdue_days), (1000, 1000, 10))

    def test_a_parent_owes_for_the_child(self):
        self.let_pay(self.other_patient, self.patient)
        visit = self.book()
        self.owe(900, patient=self.other_patient)
        self.assertEqual(self.read_fact(visit).debt, 900)

    def test_a_visit_missed_over_a_year_ago_is_not_of_the_last_year(self):
        self.create_shift(room_id=self.other_room.id, day=MONDAY + WEEK)
        first = self.book("09:00")
        with self.at_moment(self.at(MONDAY, "12:00")):
            first.action_no_show()
        visit = self.book("09:00", start=f"{MONDAY + WEEK} 06:00:00")
        fact = self.read_fact(visit, visit.start)
        self.assertEqual((fact.missed_year, fact.last_missed), (1, True))
        much_later = visit.start + timedelta(days=400)
        self.assertEqual(self.read_fact(visit, much_later).missed_year, 0)

    def test_nothing_that_comes_later_changes_what_a_score_learns_from(self):
        """No leak: a year of later events leaves the features as they were."""
        visit = self.book("09:00")
        other = self.book("10:00")
        moment = self.env.cr.now()
        before = features_of(self.read_fact(visit, moment)._as_json())
        with self.later(days=2):
            other.action_no_show()
            visit.action_arrive()
            visit.action_start()
            visit.action_done()
            self.pay(self.invoice(visit))
            self.owe(5000)
            self.env["clinic.score.model"]._create_scorecards()
        with self.later(days=40):
            after = features_of(self.read_fact(visit, moment)._as_json())
        self.assertEqual(before, after)

    def test_facts_of_many_visits_take_as_many_statements_as_of_one(self):
        visits = [
            self.book(f"{hour:02}:{minute}")
            for hour in (9, 10, 11)
            for minute in ("00", "30")
        ]
        now = self.env.cr.now()
        self.env.flush_all()

        def count(some):
            before = self.env.cr.sql_log_count
            self.facts._as_of({visit.id: now for visit in some}).mapped("debt")
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(visits[:1]), count(visits))

    def test_a_client_cannot_ask_for_other_moments(self):
        visit = self.book()
        past = {"clinic_asked": ([visit.id], ["2020-01-01 00:00:00"])}
        facts = self.facts.with_user(self.manager).with_context(**past).search([])
        self.assertEqual(set(facts.mapped("moment")), {self.env.cr.now()})

    def test_conditions_offer_no_technical_facts(self):
        facts = self.env["clinic.decision.fact"].fields_get(attributes=["searchable"])
        offered = {name for name, one in facts.items() if one["searchable"]}
        self.assertIn("debt", offered)
        self.assertFalse(offered & {"id", "moment", "currency_id", "display_name"})
