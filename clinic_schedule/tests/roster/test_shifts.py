from datetime import date, datetime, timedelta

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestShifts(ScheduleCommon):
    def create_pattern(self, **vals):
        return self.env["clinic.shift.pattern"].create(
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

    def generate(self, patterns, days=27):
        patterns._generate(MONDAY, MONDAY + timedelta(days=days))
        return self.env["clinic.shift"].search(
            [("pattern_id", "in", patterns.ids)], order="start"
        )

    def create_absence(self, start, stop):
        employee = self.env["hr.employee"].create(
            {"name": "Anna", "clinic_specialist_id": self.specialist.id}
        )
        return self.env["resource.calendar.leaves"].create(
            {
                "resource_id": employee.resource_id.id,
                "date_from": start,
                "date_to": stop,
                "company_id": employee.company_id.id,
            }
        )

    def test_patterns_become_shifts_in_branch_time(self):
        shifts = self.generate(self.create_pattern())
        self.assertEqual(len(shifts), 4)
        self.assertEqual(shifts[0].start, datetime(2026, 3, 2, 6))
        self.assertEqual(shifts[0].stop, datetime(2026, 3, 2, 9))

    def test_generating_again_changes_nothing(self):
        pattern = self.create_pattern()
        first = self.generate(pattern)
        written = first.mapped("write_date")
        self.assertEqual(self.generate(pattern), first)
        self.assertEqual(first.mapped("write_date"), written)

    def test_wall_time_is_kept_over_a_clock_change(self):
        berlin = self.create_branch("Berlin", "Europe/Berlin")
        pattern = self.create_pattern(branch_id=berlin.id)
        shifts = self.generate(pattern, days=34)
        self.assertEqual([shift.start.hour for shift in shifts], [8, 8, 8, 8, 7])

    def test_public_holidays_are_free_unless_the_branch_works(self):
        self.env["calendar.public.holiday"].create(
            {
                "year": 2026,
                "line_ids": [(0, 0, {"name": "Women's Day", "date": date(2026, 3, 9)})],
            }
        )
        pattern = self.create_pattern()
        self.assertEqual(len(self.generate(pattern)), 3)
        self.env["clinic.branch.day"].create(
            {"branch_id": self.branch.id, "date": date(2026, 3, 9), "kind": "open"}
        )
        self.assertEqual(len(self.generate(pattern)), 4)

    def test_a_leave_cuts_shifts_and_its_end_gives_them_back(self):
        pattern = self.create_pattern()
        self.generate(pattern)
        leave = self.create_absence(datetime(2026, 3, 2, 7), datetime(2026, 3, 2, 8))
        monday = self.env["clinic.shift"].search([("day", "=", MONDAY)], order="start")
        self.assertEqual(
            [(shift.start.hour, shift.stop.hour) for shift in monday], [(6, 7), (8, 9)]
        )
        leave.unlink()
        monday = self.env["clinic.shift"].search([("day", "=", MONDAY)])
        self.assertEqual([(s.start.hour, s.stop.hour) for s in monday], [(6, 9)])

    def test_a_leave_of_the_specialists_own_resource_cuts_shifts(self):
        self.generate(self.create_pattern())
        leave = self.env["resource.calendar.leaves"].create(
            {
                "resource_id": self.specialist.resource_id.id,
                "date_from": datetime(2026, 3, 2, 7),
                "date_to": datetime(2026, 3, 2, 8),
            }
        )
        shifts = self.env["clinic.shift"]
        on_monday = [("day", "=", MONDAY)]
        self.assertEqual(
            [(s.start.hour, s.stop.hour) for s in shifts.search(on_monday)],
            [(6, 7), (8, 9)],
        )
        leave.date_to = datetime(2026, 3, 2, 9)
        self.assertEqual(
            [(s.start.hour, s.stop.hour) for s in shifts.search(on_monday)], [(6, 7)]
        )
        leave.unlink()
        self.assertEqual(
            [(s.start.hour, s.stop.hour) for s in shifts.search(on_monday)], [(6, 9)]
        )

    def test_a_leave_cuts_shifts_edited_by_hand(self):
        shift = self.create_shift(hours="09:00-12:00")
        self.create_absence(datetime(2026, 3, 2, 5), datetime(2026, 3, 2, 7))
        self.assertEqual(shift.start, datetime(2026, 3, 2, 7))
        self.assertEqual(self.find(limit=1), ["10:00"])

    def test_a_closed_room_is_not_offered(self):
        pattern = self.create_pattern(room_id=self.room.id)
        self.generate(pattern)
        self.env["clinic.room.closure"].create(
            {
                "room_id": self.room.id,
                "start": datetime(2026, 3, 2, 5),
                "stop": datetime(2026, 3, 2, 8),
                "reason": "Repair",
            }
        )
        self.assertEqual(self.find(limit=1), ["11:00"])

    def test_a_closure_with_seconds_closes_the_whole_minutes_around_it(self):
        pattern = self.create_pattern(room_id=self.room.id)
        self.generate(pattern)
        closure = self.env["clinic.room.closure"].create(
            {
                "room_id": self.room.id,
                "start": "2026-03-02 05:00:40",
                "stop": "2026-03-02 08:00:01",
                "reason": "Repair",
            }
        )
        self.assertEqual(closure.start, datetime(2026, 3, 2, 5))
        self.assertEqual(self.find(limit=1), ["11:01"])

    def test_days_edited_by_hand_are_left_alone(self):
        pattern = self.create_pattern()
        first = self.generate(pattern)[0]
        first.stop = datetime(2026, 3, 2, 8)
        self.generate(pattern)
        self.assertEqual(first.stop, datetime(2026, 3, 2, 8))

    def test_overlapping_patterns_are_reported_not_written_twice(self):
        pattern = self.create_pattern()
        twin = self.create_pattern(minute_from=600)
        self.assertEqual(len(self.generate(pattern | twin)), 4)
        self.assertTrue(twin.problem)
        self.assertFalse(pattern.problem)

    def test_the_database_refuses_two_shifts_at_once(self):
        self.create_shift(room_id=self.room.id)
        for clash in (
            {"specialist": self.specialist},
            {"specialist": self.other_specialist, "room_id": self.room.id},
        ):
            with (
                self.assertRaises(psycopg2.errors.ExclusionViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.create_shift(**clash)

    def test_cron_writes_up_to_the_horizon(self):
        pattern = self.create_pattern()
        self.run_cron()
        last = self.env["clinic.shift"].search(
            [("pattern_id", "=", pattern.id)], order="day desc", limit=1
        )
        self.assertGreater(last.day, MONDAY + timedelta(days=190))

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_schedule.ir_cron_generate_shifts"
            ).method_direct_trigger()

    def get_coming(self, pattern):
        """Shifts of ``pattern`` that can still be booked."""
        return self.env["clinic.shift"].search([("pattern_id", "=", pattern.id)])

    def test_archiving_a_pattern_takes_its_hours_away_at_once(self):
        pattern = self.create_pattern()
        pattern.action_generate()
        self.assertTrue(self.find_slots())
        pattern.archive_with_reason("ended")
        self.assertFalse(self.get_coming(pattern))
        self.assertFalse(self.find_slots())
        pattern.active = True
        self.assertTrue(self.find_slots())

    def test_cron_removes_what_is_left_of_archived_patterns(self):
        pattern = self.create_pattern()
        pattern.action_generate()
        self.env.cr.execute(
            "UPDATE clinic_shift_pattern SET active = FALSE WHERE id = %s", [pattern.id]
        )
        self.env.invalidate_all()
        self.run_cron()
        self.assertFalse(self.get_coming(pattern))

    def test_cron_removes_the_hours_of_archived_specialists(self):
        pattern = self.create_pattern()
        pattern.action_generate()
        self.specialist.archive_with_reason("left")
        self.run_cron()
        self.assertFalse(self.get_coming(pattern))

    def test_a_manager_writes_shifts_now_and_a_registrar_does_not(self):
        pattern = self.create_pattern()
        for group in ("group_registrar", "group_clinic_manager"):
            user = new_test_user(self.env, group, groups=f"clinic_base.{group}")
            mine = pattern.with_user(user)
            if group == "group_clinic_manager":
                mine.action_generate()
            else:
                with self.assertRaises(AccessError):
                    mine.action_generate()
        self.assertTrue(self.get_coming(pattern))

    def test_closures_are_archived_not_deleted(self):
        closure = self.env["clinic.room.closure"].create(
            {
                "room_id": self.room.id,
                "start": datetime(2026, 3, 2, 5),
                "stop": datetime(2026, 3, 2, 8),
                "reason": "Repair",
            }
        )
        with self.assertRaises(UserError):
            closure.unlink()
