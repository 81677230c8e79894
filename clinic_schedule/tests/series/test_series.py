from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...exceptions import SeriesClashError
from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestSeries(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.series = cls.env["clinic.appointment.series"]
        for week in range(30):
            cls.create_shift(day=MONDAY + timedelta(weeks=week), hours="09:00-11:00")

    def prepare_series(self, patient=None, **vals):
        return {
            "patient_id": (patient or self.patient).id,
            "specialist_id": self.specialist.id,
            "service_id": self.service.id,
            "branch_id": self.branch.id,
            "weekday": 0,
            "minute_of_day": 9 * 60,
            "date_from": str(MONDAY),
            **vals,
        }

    def book_series(self, patient=None, **vals):
        return self.series.browse(
            self.series.book_series(self.prepare_series(patient, **vals))
        )

    def test_all_dates_within_the_horizon_are_claimed(self):
        series = self.book_series()
        self.assertEqual(len(series.appointment_ids), 26)
        self.assertEqual(series.appointment_ids.room_id, self.room)
        self.assertEqual(set(series.appointment_ids.mapped("state")), {"booked"})

    def test_every_other_week(self):
        self.assertEqual(len(self.book_series(interval_weeks=2).appointment_ids), 13)

    def test_a_clash_is_reported_with_the_nearest_time_and_nothing_is_saved(self):
        self.book("09:15", day=MONDAY + timedelta(weeks=2), patient=self.other_patient)
        self.env["clinic.shift"].search(
            [("start", "=", self.at(MONDAY + timedelta(weeks=4), "09:00"))]
        ).active = False
        with self.assertRaises(SeriesClashError) as caught:
            self.book_series()
        taken, closed = caught.exception.context["clashes"]
        self.assertEqual((taken["date"], taken["reason"]), ("2026-03-16", "taken"))
        self.assertEqual(taken["alternatives"], ["2026-03-16 06:45:00"])
        self.assertEqual(
            (closed["date"], closed["reason"]), ("2026-03-30", "not_working")
        )
        self.assertFalse(self.series.search([]))
        series = self.book_series(skip=["2026-03-16", "2026-03-30"])
        self.assertEqual(len(series.appointment_ids), 24)

    def test_a_registrar_books_around_a_clash_with_another_time_for_that_date(self):
        clashing = MONDAY + timedelta(weeks=2)
        self.book("09:15", day=clashing, patient=self.other_patient)
        user = new_test_user(
            self.env, "desk_of_series", groups="clinic_base.group_registrar"
        )
        desk = self.series.with_user(user)
        with self.assertRaises(SeriesClashError) as caught:
            desk.book_series(self.prepare_series())
        [clash] = caught.exception.context["clashes"]
        chosen = {clash["date"]: clash["alternatives"][0]}
        series = desk.browse(desk.book_series(self.prepare_series(instead=chosen)))
        starts = series.appointment_ids.sorted("start").mapped("start")
        self.assertEqual(len(starts), 26)
        self.assertEqual(starts[2], self.at(clashing, "09:45"))
        self.assertEqual(starts[3], self.at(MONDAY + timedelta(weeks=3), "09:00"))

    def test_another_time_lies_near_its_date(self):
        with self.assertRaises(UserError):
            self.book_series(instead={"2026-03-16": "2026-03-20 06:45:00"})

    def test_another_time_that_is_taken_clashes_as_well(self):
        day = MONDAY + timedelta(weeks=2)
        self.book("10:00", day=day, patient=self.other_patient)
        with self.assertRaises(SeriesClashError) as caught:
            self.book_series(instead={str(day): str(self.at(day, "10:00"))})
        [clash] = caught.exception.context["clashes"]
        self.assertEqual(clash["date"], str(day))

    def test_a_registrar_moves_a_series_around_a_clash(self):
        user = new_test_user(
            self.env, "desk_of_moves", groups="clinic_base.group_registrar"
        )
        series = self.book_series().with_user(user)
        self.book("10:00", day=date(2026, 3, 23), patient=self.other_patient)
        move = ("2026-03-16", 0, 10 * 60, self.reason.id)
        with self.assertRaises(SeriesClashError):
            series.move_from(*move)
        self.assertEqual(series.state, "active")
        moved = self.series.browse(
            series.move_from(*move, exceptions={"skip": ["2026-03-23"]})
        )
        starts = moved.appointment_ids.sorted("start").mapped("start")
        self.assertEqual(
            starts[:2],
            [self.at(date(2026, 3, 16), "10:00"), self.at(date(2026, 3, 30), "10:00")],
        )

    def test_an_accountant_cannot_book_a_series(self):
        user = new_test_user(
            self.env, "accountant_of_series", groups="clinic_base.group_accountant"
        )
        with self.assertRaises(AccessError):
            self.series.with_user(user).book_series(self.prepare_series())

    def test_another_patients_wish_sees_the_series(self):
        self.book_series()
        [best, *_rest] = self.visits.find_series_slots(
            {"service_id": self.service.id, "date_from": "2026-03-02 00:00:00"}
        )
        self.assertEqual(best["hour"], "09:30")
        self.assertEqual(len(best["free"]), 26)
        hours = {hour["hour"] for hour in self.find_hours(limit=100)}
        self.assertNotIn("09:00", hours)

    def find_hours(self, **criteria):
        return self.visits.find_series_slots(
            {
                "service_id": self.service.id,
                "date_from": "2026-03-02 00:00:00",
                **criteria,
            }
        )

    def test_weeks_that_clash_are_named(self):
        self.book("09:00", day=MONDAY + timedelta(weeks=1))
        found = {hour["hour"]: hour for hour in self.find_hours(limit=100)}
        self.assertEqual(found["09:00"]["clashes"], ["2026-03-09"])
        self.assertFalse(found["10:00"]["clashes"])

    def test_wall_time_is_kept_over_a_clock_change(self):
        berlin = self.create_branch("Berlin", "Europe/Berlin")
        self.create_room("Berlin 1", berlin)
        for week in range(30):
            self.create_shift(
                self.other_specialist, MONDAY + timedelta(weeks=week), branch=berlin
            )
        series = self.book_series(
            specialist_id=self.other_specialist.id, branch_id=berlin.id
        )
        hours = [visit.start.hour for visit in series.appointment_ids.sorted("start")]
        self.assertEqual(hours[:5], [8, 8, 8, 8, 7])

    def test_one_visit_is_skipped_and_one_moved(self):
        series = self.book_series()
        series.skip("2026-03-09", self.reason.id)
        first = series.appointment_ids.sorted("start")[0]
        first.reschedule(self.at(MONDAY, "10:00"))
        states = series.appointment_ids.sorted("start").mapped("state")
        self.assertEqual(states[:3], ["booked", "cancelled", "booked"])

    def test_a_day_without_a_visit_cannot_be_skipped(self):
        series = self.book_series()
        with self.assertRaises(UserError):
            series.skip("2026-03-10", self.reason.id)

    def test_a_series_ends_and_its_time_is_free(self):
        series = self.book_series()
        series.end("2026-03-10", self.reason.id)
        left = series.appointment_ids.filtered(lambda visit: visit.state == "booked")
        self.assertEqual(len(left), 2)
        self.assertEqual(series.state, "ended")

    def test_a_pause_gives_the_time_back_and_resuming_claims_it_again(self):
        series = self.book_series()
        series.pause("2026-03-16", None, self.reason.id)
        booked = lambda: len(  # noqa: E731
            series.appointment_ids.filtered(lambda visit: visit.state == "booked")
        )
        self.assertEqual(booked(), 2)
        series.resume()
        self.assertEqual(booked(), 26)

    def test_a_series_moves_from_a_date_on(self):
        series = self.book_series()
        moved = self.series.browse(
            series.move_from("2026-03-16", 0, 10 * 60, self.reason.id)
        )
        self.assertEqual(
            moved.appointment_ids.sorted("start")[0].start, datetime(2026, 3, 16, 7)
        )
        self.assertEqual(series.state, "ended")

    def test_a_series_prolongs_itself_and_asks_for_help_with_clashes(self):
        series = self.book_series()
        self.freeze(self.now + timedelta(weeks=3), self.addCleanup)
        self.book("09:00", day=date(2026, 9, 7), patient=self.other_patient)
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_schedule.ir_cron_prolong_series"
            ).method_direct_trigger()
        series.invalidate_recordset()
        self.assertEqual(len(series.appointment_ids), 28)
        request = self.env["clinic.booking.request"].search(
            [("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(request.due_to, date(2026, 9, 10))

    def test_a_series_that_fails_stops_no_other(self):
        bad = self.book_series()
        good = self.book_series(self.other_patient, minute_of_day=10 * 60)
        before = len(good.appointment_ids)
        self.freeze(self.now + timedelta(weeks=3), self.addCleanup)
        model = type(self.series)
        prolong = model._prolong

        def prolong_or_fail(series):
            if series == bad:
                raise KeyError("a mistake of ours")
            return prolong(series)

        with (
            patch.object(model, "_prolong", prolong_or_fail),
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.clinic_base.tools.apart") as logged,
        ):
            self.env.ref(
                "clinic_schedule.ir_cron_prolong_series"
            ).method_direct_trigger()
        self.env.invalidate_all()
        self.assertGreater(len(good.appointment_ids), before)
        self.assertIn(f"{bad.ids}: KeyError", logged.output[0])

    def test_a_series_is_one_statement_per_step_not_per_visit(self):
        self.book_series(self.other_patient, minute_of_day=10 * 60)
        self.assertLess(self.count_own_statements(self.book_series), 30)


@tagged("post_install", "-at_install")
class TestTrips(ScheduleCommon):
    def test_services_follow_one_another(self):
        second = self.create_service("Massage", 40)
        self.other_specialist.service_line_ids = [(0, 0, {"product_id": second.id})]
        self.create_shift(hours="10:00-11:00")
        self.create_shift(self.other_specialist, hours="09:00-12:00")
        self.other_specialist.service_line_ids.filtered(
            lambda line: line.product_id == self.service
        ).archive_with_reason("given no more")
        [trip, *_rest] = self.find_slots(services=[self.service.id, second.id])
        self.assertEqual(
            [leg["service_id"] for leg in trip["legs"]], [second.id, self.service.id]
        )
        self.assertEqual(trip["waiting"], 0)
        for leg in trip["legs"]:
            self.visits.book(
                {
                    "service_id": leg["service_id"],
                    "specialist_id": leg["specialist_id"],
                    "start": leg["start"],
                    "patient_id": self.patient.id,
                }
            )
