"""The timeline: everything of a patient, newest first, filtered, in few queries."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import EncounterCommon


@tagged("-at_install", "post_install")
class TestTimeline(EncounterCommon):
    def setUp(self):
        super().setUp()
        self.encounters = self.env(user=self.medic.id)["clinic.encounter"]
        cards = self.env(user=self.medic.id)["clinic.medical.card"]
        self.card = cards.get_for(self.patient)

    def sign_visits(self, count, first=1):
        for number in range(first, first + count):
            encounter = self.fill(
                self.create_encounter(
                    branch_id=self.branch.id,
                    date=self.now - timedelta(days=number),
                    prescription_ids=[
                        (0, 0, {"drug": f"Drug{number}", "directions": "По 1"})
                    ],
                    referral_ids=[
                        (0, 0, {"service_id": self.service.id, "reason": "Осмотр"})
                    ],
                    order_ids=[(0, 0, {"service_id": self.service.id})],
                )
            )
            encounter.vitals = {"pulse": 60 + number, "temperature": 36.6}
            encounter.action_sign()

    def rows(self, **filters):
        return self.card.get_timeline(**filters)["rows"]

    def test_everything_stands_there_once_and_the_newest_first(self):
        self.sign_visits(2)
        rows = self.rows()
        dates = [row["date"] for row in rows]
        self.assertEqual(dates, sorted(dates, reverse=True))
        kinds = [row["kind"] for row in rows]
        for kind in ("protocol", "diagnosis", "prescription", "referral", "order"):
            self.assertEqual(kinds.count(kind), 2, kind)
        # Values of one moment are one row.
        self.assertEqual(kinds.count("observation"), 2)
        self.assertEqual(kinds.count("visit"), 1)
        [measured] = [r for r in rows if r["kind"] == "observation"][:1]
        self.assertIn("61", measured["text"])
        self.assertIn("36.6", measured["text"])

    def test_kinds_and_days_narrow_it(self):
        self.sign_visits(3)
        rows = self.rows(kinds=["prescription"])
        self.assertEqual([r["title"] for r in rows], ["Drug1", "Drug2", "Drug3"])
        day = (self.now - timedelta(days=2)).date().isoformat()
        rows = self.rows(kinds=["prescription"], date_from=day, date_to=day)
        self.assertEqual([r["title"] for r in rows], ["Drug2"])

    def test_a_search_finds_what_lies_encrypted(self):
        self.sign_visits(2)
        self.assertEqual([r["title"] for r in self.rows(search="drug2")], ["Drug2"])
        self.assertFalse(self.rows(search="drug2 нет"))

    def test_pages_follow_one_another_without_gap_or_repeat(self):
        self.sign_visits(3)
        whole = [(row["kind"], row["id"]) for row in self.rows(limit=100)]
        paged, more = [], True
        while more:
            page = self.card.get_timeline(offset=len(paged), limit=4)
            paged += [(row["kind"], row["id"]) for row in page["rows"]]
            more = page["more"]
        self.assertEqual(paged, whole)

    def test_a_timeline_of_fifty_visits_takes_as_many_queries_as_one_of_five(self):
        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows(limit=100)
            return self.env.cr.sql_log_count - before

        self.sign_visits(5)
        count_queries()
        few = count_queries()
        self.sign_visits(45, first=6)
        self.assertLessEqual(count_queries(), few)

    def test_a_colleague_who_receives_the_patient_sees_the_whole_timeline(self):
        self.sign_visits(1)
        self.create_shift(specialist=self.other_specialist, room_id=self.other_room.id)
        self.book("10:00", specialist=self.other_specialist)
        rows = self.card.with_user(self.other_medic).get_timeline()["rows"]
        kinds = {row["kind"] for row in rows}
        self.assertLessEqual({"protocol", "diagnosis", "prescription"}, kinds)

    def test_the_timeline_is_closed_to_everybody_else(self):
        self.sign_visits(1)
        admin = self.create_user("clinic_admin", "group_clinic_admin")
        system = self.env.ref("base.user_admin")
        for user in (self.other_medic, self.registrar, admin, system):
            with self.assertRaises(AccessError):
                self.card.with_user(user).get_timeline()
