from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...exceptions import SeriesClashError, SlotRefusedError
from ..common import MONDAY, ScheduleCommon

WEEK = timedelta(weeks=1)


@tagged("post_install", "-at_install")
class TestAgeOnTheDay(ScheduleCommon):
    """Who is of an age on the day of the start, in the branch's zone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for week in range(5):
            cls.create_shift(day=MONDAY + WEEK * week)
        # 18 on the third Monday.
        cls.patient.birthdate = date(2008, 3, 16)

    def find_days(self, **criteria):
        slots = self.find_slots(days=35, step=60, **criteria)
        return sorted({slot["start"][:10] for slot in slots})

    def set_ages(self, youngest, oldest):
        self.specialist.write({"min_age": youngest, "max_age": oldest})

    def test_search_offers_each_doctor_on_the_days_of_the_right_age(self):
        criteria = {"patient_id": self.patient.id}
        self.set_ages(0, 17)
        self.assertEqual(self.find_days(**criteria), ["2026-03-02", "2026-03-09"])
        self.set_ages(18, 120)
        self.assertEqual(
            self.find_days(**criteria), ["2026-03-16", "2026-03-23", "2026-03-30"]
        )
        self.set_ages(19, 120)
        self.assertEqual(self.find_days(**criteria), [])

    def test_every_offered_start_books_and_every_other_is_refused(self):
        self.set_ages(18, 120)
        with self.assertRaises(SlotRefusedError):
            self.book("09:00", day=MONDAY + WEEK)
        self.assertTrue(self.book("09:00", day=MONDAY + WEEK * 2))

    def test_each_date_of_a_series_counts_for_itself(self):
        self.set_ages(0, 17)
        with self.assertRaises(SeriesClashError) as caught:
            self.env["clinic.appointment.series"].book_series(
                {
                    "patient_id": self.patient.id,
                    "specialist_id": self.specialist.id,
                    "service_id": self.service.id,
                    "branch_id": self.branch.id,
                    "weekday": 0,
                    "minute_of_day": 540,
                    "date_from": str(MONDAY),
                    "date_to": str(MONDAY + WEEK * 3),
                }
            )
        days = [clash["date"] for clash in caught.exception.context["clashes"]]
        self.assertEqual(days, ["2026-03-16", "2026-03-23"])

    def test_the_birthday_begins_at_midnight_of_the_branch(self):
        branch = self.create_branch("Far", "Asia/Vladivostok")
        self.create_room("Far room", branch)
        self.create_shift(
            day=MONDAY + WEEK * 2 - timedelta(days=1),
            hours="23:00-23:59",
            branch=branch,
        )
        shift = self.create_shift(
            day=MONDAY + WEEK * 2, hours="00:00-02:00", branch=branch
        )
        self.set_ages(18, 120)
        slots = self.find_slots(
            day=MONDAY + WEEK,
            days=14,
            patient_id=self.patient.id,
            branch_ids=branch.ids,
        )
        self.assertEqual(slots[0]["start"], str(shift.start))

    def test_who_is_born_on_a_leap_day_waits_for_march(self):
        self.freeze(self.now - timedelta(days=20), self.addCleanup)
        self.patient.birthdate = date(2008, 2, 29)
        for day in (date(2026, 2, 28), date(2026, 3, 1)):
            self.create_shift(day=day)
        self.set_ages(18, 120)
        asked = {"patient_id": self.patient.id, "day": date(2026, 2, 27), "days": 4}
        self.assertEqual(
            {slot["start"][:10] for slot in self.find_slots(**asked)},
            {"2026-03-01", "2026-03-02"},
        )
        self.env.company.country_id = self.env.ref("base.nz")
        self.assertIn(
            "2026-02-28", {slot["start"][:10] for slot in self.find_slots(**asked)}
        )


@tagged("post_install", "-at_install")
class TestASpecialistIsAPatient(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift(hours="09:00-11:00")
        cls.create_shift(cls.other_specialist, hours="08:00-13:00")
        user = new_test_user(cls.env, "orlova", groups="clinic_base.group_medical")
        cls.specialist.user_id = user
        cls.self_card = cls.env["clinic.patient"].create(
            {"partner_id": user.partner_id.id}
        )

    def test_nobody_is_treated_during_the_own_shift(self):
        found = self.find(patient_id=self.self_card.id, step=30)
        self.assertEqual(found[:2], ["08:00", "08:30"])
        self.assertFalse([clock for clock in found if "08:30" < clock < "11:00"])
        self.assertIn("11:00", found)

    def test_nobody_is_a_patient_of_oneself(self):
        asked = {"patient_id": self.self_card.id}
        self.assertEqual(self.find(specialist_ids=[self.specialist.id], **asked), [])
        with self.assertRaises(UserError):
            self.book("09:00", patient=self.self_card)

    def test_nobody_receives_while_being_treated(self):
        self.book("11:30", patient=self.self_card, specialist=self.other_specialist)
        self.create_shift(hours="11:00-13:00")
        own = {"specialist_ids": [self.specialist.id], "step": 30}
        self.assertNotIn("11:30", self.find(patient_id=self.patient.id, **own))
        with self.assertRaises(UserError):
            self.book("11:30")
        self.assertTrue(self.book("12:00"))

    def test_the_time_is_given_back_with_the_visit(self):
        visit = self.book(
            "11:30", patient=self.self_card, specialist=self.other_specialist
        )
        self.create_shift(hours="11:00-13:00")
        visit.cancel(self.reason.id)
        self.assertTrue(self.book("11:30"))


@tagged("post_install", "-at_install")
class TestMergeOfVisits(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.create_shift(cls.other_specialist)
        for week in range(1, 4):
            cls.create_shift(day=MONDAY + WEEK * week)
        cls.chief = new_test_user(
            cls.env, "chief", groups="clinic_base.group_registrar_chief"
        )
        cls.kept = cls.create_patient("Двойникова Анна")
        cls.merged = cls.create_patient("Двойникова Анна Ильинична")

    def merge(self):
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        return merges._merge(self.kept, self.merged)

    def test_visits_and_series_go_over_and_come_back(self):
        visit = self.book("09:00", patient=self.merged)
        series = self.env["clinic.appointment.series"].browse(
            self.env["clinic.appointment.series"].book_series(
                {
                    "patient_id": self.merged.id,
                    "specialist_id": self.specialist.id,
                    "service_id": self.service.id,
                    "branch_id": self.branch.id,
                    "weekday": 0,
                    "minute_of_day": 600,
                    "date_from": str(MONDAY + WEEK),
                    "date_to": str(MONDAY + WEEK * 3),
                }
            )
        )
        visits = visit | series.appointment_ids
        taken = self.env["clinic.occupancy"].search(
            [("appointment_id", "in", visits.ids), ("role", "=", "patient")]
        )
        merge = self.merge()
        for records in (visits, series, taken):
            self.assertEqual(records.patient_id, self.kept)
        with self.assertRaises(UserError):
            self.book("09:00", patient=self.kept, specialist=self.other_specialist)
        merge.with_user(self.chief).action_undo()
        for records in (visits, series, taken):
            self.assertEqual(records.patient_id, self.merged)

    def test_two_visits_at_one_time_are_told_and_nothing_is_merged(self):
        self.book("09:00", patient=self.kept)
        self.book("09:15", patient=self.merged, specialist=self.other_specialist)
        with self.assertRaises(UserError) as caught:
            self.merge()
        self.assertIn("02.03.2026", str(caught.exception))
        self.assertTrue(self.merged.active)

    def test_what_is_booked_later_for_the_old_card_reaches_the_kept_one(self):
        self.merge()
        self.assertTrue(self.find(patient_id=self.merged.id))
        self.assertEqual(self.book("10:00", patient=self.merged).patient_id, self.kept)
        hold = self.visits.browse(
            self.visits.hold(self.prepare("11:00", patient=self.merged))
        )
        self.assertEqual(hold.patient_id, self.kept)
        request = self.env["clinic.booking.request"].create(
            {"patient_id": self.merged.id, "service_id": self.service.id}
        )
        self.assertEqual(request.patient_id, self.kept)
