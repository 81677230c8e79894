"""The reception's list and a specialist's day: what they show, to whom, how cheaply."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...exceptions import StateMoveError
from ..common import MONDAY
from .test_board import BoardCommon


class DayCommon(BoardCommon):
    def setUp(self):
        super().setUp()
        self.travel("09:50")

    def travel(self, clock):
        """Both clocks stand at ``clock`` on Monday."""
        self.freeze(self.at(MONDAY, clock), self.addCleanup)

    def get_reception(self, user=None, **criteria):
        visits = self.visits.with_user(user or self.registrar)
        return visits.get_reception({"branch_id": self.branch.id, **criteria})

    def get_day(self, user=None, **criteria):
        return self.visits.with_user(user or self.doctor).get_specialist_day(criteria)


@tagged("post_install", "-at_install")
class TestReception(DayCommon):
    def test_a_registrar_sees_todays_visits_with_what_patients_are_found_by(self):
        day = self.get_reception()
        self.assertEqual(day["day"], "2026-03-02")
        self.assertEqual(
            [one["id"] for one in day["visits"]], [self.visit.id, self.other_visit.id]
        )
        self.assertEqual(
            day["patients"][self.patient.id],
            {
                "name": "Ivan Ivanov",
                "card": self.patient.card_number,
                "phone": self.patient.phone,
            },
        )
        self.assertIn(
            (self.room.id, "ready"),
            [(room["id"], room["readiness"]) for room in day["rooms"]],
        )

    def test_waiting_counts_from_the_arrival_until_it_is_taken_back(self):
        visit = self.visit.with_user(self.registrar)
        visit.action_arrive()
        [row] = self.get_reception(ids=visit.ids)["visits"]
        self.assertEqual(
            (row["state"], row["arrived_at"]), ("arrived", "2026-03-02 06:50:00")
        )
        with self.assertRaises(AccessError):
            visit.action_reverse()
        chief = new_test_user(
            self.env, "day_chief", "clinic_base.group_registrar_chief"
        )
        self.assertFalse(self.get_reception()["may_reverse"])
        self.assertTrue(self.get_reception(chief)["may_reverse"])
        visit.with_user(chief).action_reverse()
        [row] = self.get_reception(ids=visit.ids)["visits"]
        self.assertEqual((row["state"], row["arrived_at"]), ("booked", False))

    def test_nobody_writes_an_arrival_by_hand(self):
        with self.assertRaises(UserError):
            self.visit.with_user(self.registrar).arrived_at = "2026-03-02 06:00:00"

    def test_marks_of_other_modules_are_shown(self):
        self.patch(
            type(self.visits),
            "_get_board_marks",
            lambda visits, some: {self.visit.id: ["unpaid"]},
        )
        marks = {one["id"]: one["marks"] for one in self.get_reception()["visits"]}
        self.assertIn("unpaid", marks[self.visit.id])
        self.assertNotIn("unpaid", marks[self.other_visit.id])

    def test_who_did_not_come_stays_in_the_list_and_who_cancelled_does_not(self):
        self.travel("10:20")
        self.visit.action_no_show()
        self.other_visit.cancel(self.reason.id)
        [row] = self.get_reception()["visits"]
        self.assertEqual((row["id"], row["state"]), (self.visit.id, "no_show"))

    def test_the_day_is_that_of_the_branch(self):
        far = self.create_branch("East", "Asia/Vladivostok")
        self.freeze(self.at(MONDAY, "20:00"), self.addCleanup)
        self.assertEqual(self.get_reception(branch_id=far.id)["day"], "2026-03-03")

    def test_queries_stay_constant_as_visits_grow(self):
        self.get_reception()
        for clock in ("10:30", "11:00", "11:30"):
            self.book(
                clock,
                patient=self.create_patient(
                    f"Somebody at {clock}", phone="+79161234599"
                ),
            )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            self.get_reception()

    def test_who_may_not_read_visits_gets_no_list(self):
        for group in ("base.group_user", "clinic_base.group_booking_api"):
            user = new_test_user(self.env, f"day_{group[-8:]}", group)
            with self.subTest(group), self.assertRaises(AccessError):
                self.get_reception(user)
            with self.subTest(group), self.assertRaises(AccessError):
                self.get_day(user, specialist_id=self.specialist.id)

    def test_nonsense_is_refused_in_words(self):
        for wrong in ({"branch_id": 0}, {"colour": 1}, {"ids": ["x"]}):
            with self.subTest(wrong), self.assertRaises(UserError):
                self.get_reception(**wrong)


@tagged("post_install", "-at_install")
class TestSpecialistDay(DayCommon):
    def test_a_specialist_sees_the_own_day_without_saying_who_they_are(self):
        day = self.get_day()
        self.assertEqual(
            (day["specialist_id"], day["branch_id"]),
            (self.specialist.id, self.branch.id),
        )
        self.assertEqual([one["id"] for one in day["visits"]], [self.visit.id])
        self.assertEqual(day["shifts"][0]["pieces"], [(0, 540, 720)])

    def test_the_desk_sees_the_day_of_any_specialist_and_has_none_of_its_own(self):
        self.assertFalse(self.get_day(self.registrar))
        day = self.get_day(self.registrar, specialist_id=self.other_specialist.id)
        self.assertEqual([one["id"] for one in day["visits"]], [self.other_visit.id])

    def test_a_colleagues_visits_stay_hidden_from_a_specialist(self):
        day = self.get_day(specialist_id=self.other_specialist.id)
        self.assertFalse(day["visits"])
        self.assertFalse(day["patients"])

    def test_the_day_is_where_the_specialist_receives(self):
        tuesday = date(2026, 3, 3)
        elsewhere = self.create_branch("South", "Asia/Yekaterinburg")
        self.create_shift(day=tuesday, branch=elsewhere, hours="09:00-10:00")
        self.create_shift(day=tuesday, hours="15:00-16:00")
        day = self.get_day(day=str(tuesday))
        self.assertEqual(day["branch_id"], elsewhere.id)
        self.assertEqual(
            [place["id"] for place in day["places"]], [elsewhere.id, self.branch.id]
        )

    def test_a_patient_is_called_only_from_the_hall(self):
        visit = self.visit.with_user(self.doctor)
        with self.assertRaises(StateMoveError):
            visit.action_call()
        visit.action_arrive()
        visit.action_call()
        self.assertEqual(visit.called_at, self.at(MONDAY, "09:50"))
        visit.action_start()
        with self.assertRaises(StateMoveError):
            visit.action_call()

    def test_who_may_not_change_visits_does_not_call(self):
        self.visit.action_arrive()
        cashier = new_test_user(self.env, "day_cashier", "clinic_base.group_cashier")
        with self.assertRaises(AccessError):
            self.visit.with_user(cashier).action_call()

    def test_other_modules_add_buttons(self):
        button = {"method": "action_more", "label": "More", "icon": "fa-plus"}
        self.patch(type(self.visits), "_get_day_buttons", lambda visits: [button])
        self.assertEqual(self.get_day()["buttons"], [button])

    def test_queries_stay_constant_as_visits_grow(self):
        self.get_day()
        for clock in ("10:30", "11:00"):
            self.book(clock, patient=self.create_patient(f"Somebody at {clock}"))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            self.get_day()

    def test_tomorrow_has_none_of_todays_visits(self):
        self.freeze(self.at(MONDAY, "09:00") + timedelta(days=1), self.addCleanup)
        self.assertFalse(self.get_day()["visits"])
