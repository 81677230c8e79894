"""The law changes the clock, a branch its zone, somebody the list of holidays."""

import shutil
import tempfile
import zoneinfo
from datetime import date, datetime, timedelta
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...tools.clock_rules import keep_wall, read_again, read_rules, wall_by
from ..common import MONDAY, ScheduleCommon


class ClockCommon(ScheduleCommon):
    def change_law(self, tz, like):
        """From now on ``tz`` has the clock of ``like``, as after a new database."""
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        source = next(
            path for root in zoneinfo.TZPATH if (path := Path(root, like)).is_file()
        )
        target = folder / tz
        target.parent.mkdir(parents=True)
        shutil.copy(source, target)
        path = zoneinfo.TZPATH
        self.addCleanup(zoneinfo.ZoneInfo.clear_cache)
        self.addCleanup(zoneinfo.reset_tzpath, path)
        zoneinfo.reset_tzpath([str(folder), *path])
        zoneinfo.ZoneInfo.clear_cache()

    def create_pattern(self, **vals):
        pattern = self.env["clinic.shift.pattern"].create(
            {
                "specialist_id": self.specialist.id,
                "branch_id": self.branch.id,
                "weekday": "0",
                "minute_from": 540,
                "minute_to": 720,
                "date_from": MONDAY,
                **vals,
            }
        )
        pattern._generate()
        return pattern

    def get_shift(self, day):
        return self.env["clinic.shift"].search(
            [("specialist_id", "=", self.specialist.id), ("day", "=", day)]
        )

    def follow_clock(self):
        with self.enter_registry_test_mode():
            self.env.ref("clinic_schedule.ir_cron_follow_clock").method_direct_trigger()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestClockRules(ClockCommon):
    def test_rules_hold_every_change_of_the_span(self):
        rules = read_rules("Europe/Berlin", date(2026, 1, 1), date(2026, 12, 31))
        self.assertEqual(
            rules["offsets"],
            [
                ["2026-01-01T00:00:00", 60],
                ["2026-03-29T01:00:00", 120],
                ["2026-10-25T01:00:00", 60],
            ],
        )
        self.assertEqual(read_again(rules, "Europe/Berlin"), rules)

    def test_a_change_of_half_an_hour_is_found_to_the_minute(self):
        rules = read_rules("Australia/Lord_Howe", date(2026, 3, 1), date(2026, 5, 1))
        self.assertEqual(rules["offsets"][1], ["2026-04-04T15:00:00", 630])

    def test_the_old_hour_is_kept_under_new_rules(self):
        rules = read_rules("Europe/Moscow", date(2026, 3, 1), date(2026, 12, 31))
        moment = datetime(2026, 3, 2, 6)
        self.assertEqual(wall_by(rules, moment), datetime(2026, 3, 2, 9))
        self.change_law("Europe/Moscow", like="Europe/Samara")
        self.assertNotEqual(read_again(rules, "Europe/Moscow"), rules)
        self.assertEqual(
            keep_wall(rules, moment, "Europe/Moscow"), datetime(2026, 3, 2, 5)
        )


@tagged("post_install", "-at_install")
class TestClock(ClockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, "chief_r", groups="clinic_base.group_registrar_chief"
        )

    def test_shifts_keep_their_hours_when_the_law_changes(self):
        self.create_pattern()
        edited = self.create_shift(self.other_specialist)
        self.change_law(self.tz, like="Europe/Samara")
        self.follow_clock()
        self.assertEqual(self.get_shift(MONDAY).start, datetime(2026, 3, 2, 5))
        self.assertEqual(edited.start, datetime(2026, 3, 2, 5))
        self.assertEqual(self.get_shift(MONDAY).stop, datetime(2026, 3, 2, 8))

    def test_visits_whose_hour_has_changed_are_listed_and_told_of(self):
        self.create_pattern()
        visit = self.book("10:00")
        self.change_law(self.tz, like="Europe/Samara")
        self.follow_clock()
        self.assertEqual(visit.start, datetime(2026, 3, 2, 7))
        self.assertEqual(visit.clock_before, "2026-03-02 10:00")
        self.assertEqual(visit.clock_now, "2026-03-02 11:00")
        notice = self.env["mail.message"].search(
            [("partner_ids", "in", self.chief.partner_id.ids)]
        )
        self.assertIn("another hour of the clock: 1.", notice.body)
        self.assertNotIn("Ivanov", notice.body)

    def test_nothing_happens_while_the_law_stays(self):
        self.create_pattern()
        visit = self.book("10:00")
        self.follow_clock()
        self.assertFalse(visit.clock_before)
        self.assertEqual(self.get_shift(MONDAY).start, datetime(2026, 3, 2, 6))

    def test_a_place_in_a_session_keeps_its_hour_with_the_session_alone(self):
        self.create_pattern()
        group = self.create_service("Group exercises", 60, is_group=True)
        self.specialist.service_line_ids = [(0, 0, {"product_id": group.id})]
        session = self.env["clinic.session"].create(
            {
                "service_id": group.id,
                "specialist_id": self.specialist.id,
                "branch_id": self.branch.id,
                "start": self.at(MONDAY, "10:00"),
            }
        )
        place = {"session_id": session.id, "patient_id": self.patient.id}
        visit = self.visits.browse(self.visits.book(place))
        self.change_law(self.tz, like="Europe/Samara")
        self.follow_clock()
        visit.with_user(self.chief).action_keep_clock_time()
        self.assertEqual(visit.start, session.start, "where its session is")
        self.assertEqual(visit.clock_before, "2026-03-02 10:00", "still on the list")
        session.start = datetime(2026, 3, 2, 6)
        self.assertEqual(visit.start, session.start)
        self.assertFalse(visit.clock_before)

    def test_the_agreed_hour_is_kept_without_a_message(self):
        self.create_pattern()
        visits = self.book("10:00") | self.book("11:00", patient=self.other_patient)
        self.change_law(self.tz, like="Europe/Samara")
        self.follow_clock()
        before = self.env["clinic.message"].search_count([])
        self.assertTrue(visits.with_user(self.chief).action_keep_clock_time() is True)
        self.assertEqual(
            visits.mapped("start"), [datetime(2026, 3, 2, 6), datetime(2026, 3, 2, 7)]
        )
        self.assertFalse(any(visits.mapped("clock_before")))
        self.assertEqual(self.env["clinic.message"].search_count([]), before)

    def test_patients_are_told_the_new_hour_after_a_click(self):
        self.create_pattern()
        visit = self.book("10:00")
        self.change_law(self.tz, like="Europe/Samara")
        self.follow_clock()
        visit.with_user(self.chief).action_tell_clock_time()
        message = self.env["clinic.message"].search(
            [("appointment_id", "=", visit.id), ("purpose", "=", "moved")]
        )
        message._fill()
        self.assertIn("11:00", message.body)
        self.assertFalse(visit.clock_before)

    def test_a_registrar_does_not_decide_about_it(self):
        self.create_pattern()
        visit = self.book("10:00")
        registrar = new_test_user(
            self.env, "registrar_c", groups="clinic_base.group_registrar"
        )
        with self.assertRaises(AccessError):
            visit.with_user(registrar).action_keep_clock_time()

    def test_a_branch_that_changes_its_zone_keeps_its_hours(self):
        self.create_pattern()
        visit = self.book("10:00")
        self.branch.tz = "Asia/Yekaterinburg"
        self.assertEqual(self.get_shift(MONDAY).start, datetime(2026, 3, 2, 4))
        self.assertEqual(visit.clock_before, "2026-03-02 10:00")
        self.assertEqual(visit.clock_now, "2026-03-02 12:00")


@tagged("post_install", "-at_install")
class TestHolidays(ClockCommon):
    def create_holidays(self, *days):
        return self.env["calendar.public.holiday"].create(
            {
                "year": MONDAY.year,
                "line_ids": [
                    Command.create({"name": "Holiday", "date": day}) for day in days
                ],
            }
        )

    def test_a_holiday_takes_effect_at_once_and_lists_the_visits_it_hits(self):
        self.create_pattern()
        visit = self.book("10:00")
        holidays = self.create_holidays(MONDAY)
        self.assertFalse(self.get_shift(MONDAY))
        self.visits._cron_mark_stranded()
        self.assertTrue(visit.stranded)
        holidays.line_ids.date = MONDAY + timedelta(weeks=1)
        self.assertTrue(self.get_shift(MONDAY))
        self.assertFalse(self.get_shift(MONDAY + timedelta(weeks=1)))
        holidays.line_ids.unlink()
        self.assertTrue(self.get_shift(MONDAY + timedelta(weeks=1)))

    def test_a_special_day_takes_effect_at_once(self):
        self.create_pattern()
        day = self.env["clinic.branch.day"].create({"date": MONDAY, "kind": "closed"})
        self.assertFalse(self.get_shift(MONDAY))
        day.kind = "open"
        self.assertTrue(self.get_shift(MONDAY))
