"""What the board shows, to whom, and how cheaply."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...tools.board import cut_by_days
from ..common import MONDAY, ScheduleCommon


class TestCutByDays(ScheduleCommon):
    def test_a_visit_over_midnight_is_cut_at_midnight(self):
        pieces = cut_by_days(
            self.at(MONDAY, "23:30"),
            self.at(date(2026, 3, 3), "00:30"),
            self.tz,
            MONDAY,
            2,
        )
        self.assertEqual(pieces, [(0, 1410, 1440), (1, 0, 30)])

    def test_days_outside_of_the_board_are_left_out(self):
        pieces = cut_by_days(
            self.at(date(2026, 3, 1), "22:00"),
            self.at(date(2026, 3, 1), "24:00"),
            self.tz,
            MONDAY,
            1,
        )
        self.assertEqual(pieces, [])

    def test_minutes_are_those_of_the_clock_after_it_was_changed(self):
        day = date(2026, 3, 29)
        pieces = cut_by_days(
            self.at(day, "09:00", "Europe/Berlin"),
            self.at(day, "10:00", "Europe/Berlin"),
            "Europe/Berlin",
            day,
            1,
        )
        self.assertEqual(pieces, [(0, 540, 600)])


class BoardCommon(ScheduleCommon):
    def setUp(self):
        super().setUp()
        self.create_shift(room_id=self.room.id)
        self.create_shift(self.other_specialist, room_id=self.other_room.id)
        self.visit = self.book("10:00")
        self.other_visit = self.book(
            "11:00", patient=self.other_patient, specialist=self.other_specialist
        )
        self.registrar = new_test_user(
            self.env, "board_registrar", "clinic_base.group_registrar"
        )
        self.doctor = new_test_user(
            self.env, "board_specialist", "clinic_base.group_medical"
        )
        self.specialist.user_id = self.doctor

    def get_board(self, user=None, **criteria):
        visits = self.visits.with_user(user or self.registrar)
        return visits.get_board(
            {"branch_id": self.branch.id, "day": str(MONDAY), **criteria}
        )


@tagged("post_install", "-at_install")
class TestBoard(BoardCommon):
    def test_a_registrar_sees_visits_shifts_and_names_of_the_day(self):
        board = self.get_board()
        self.assertEqual(
            [visit["id"] for visit in board["visits"]],
            [self.visit.id, self.other_visit.id],
        )
        self.assertEqual(board["visits"][0]["pieces"], [(0, 600, 630)])
        self.assertEqual(board["patients"][self.patient.id], "Ivan Ivanov")
        self.assertEqual(board["services"][self.service.id], "Consultation")
        self.assertEqual(
            {shift["pieces"][0] for shift in board["shifts"]}, {(0, 540, 720)}
        )
        self.assertFalse(board["busy"])

    def test_a_specialist_sees_that_a_colleague_is_busy_and_not_with_whom(self):
        board = self.get_board(self.doctor)
        self.assertEqual([one["id"] for one in board["visits"]], [self.visit.id])
        self.assertNotIn(self.other_patient.id, board["patients"])
        self.assertEqual(
            {tuple(one["pieces"][0]) for one in board["busy"]}, {(0, 660, 690)}
        )
        self.assertEqual(
            {one["kind"] for one in board["busy"]}, {"visit"}, "nothing but its kind"
        )

    def test_an_expired_hold_is_not_on_the_board(self):
        hold = self.visits.hold(
            {
                "service_id": self.service.id,
                "specialist_id": self.specialist.id,
                "start": str(self.at(MONDAY, "11:00")),
            }
        )
        self.assertIn(hold, [one["id"] for one in self.get_board()["visits"]])
        self.freeze(self.now + timedelta(hours=1), self.addCleanup)
        self.assertNotIn(hold, [one["id"] for one in self.get_board()["visits"]])
        self.assertFalse(self.get_board()["busy"])

    def test_a_cancelled_visit_leaves_the_board(self):
        self.visit.cancel(self.reason.id)
        answer = self.visits.with_user(self.registrar).get_board_visits(
            {"branch_id": self.branch.id, "day": str(MONDAY)},
            [self.visit.id, self.other_visit.id],
        )
        self.assertEqual([one["id"] for one in answer["visits"]], [self.other_visit.id])

    def test_the_week_of_one_specialist_holds_nobody_else(self):
        board = self.get_board(days=7, specialist_id=self.specialist.id)
        self.assertEqual([one["id"] for one in board["visits"]], [self.visit.id])
        self.assertEqual(len(board["days"]), 7)

    def test_from_a_week_to_that_of_whoever_receives_here_in_it(self):
        absent = self.create_specialist("Vera Nowhere", self.service)
        monday = MONDAY + timedelta(days=7)
        self.create_shift(absent, day=monday)
        here = {one.id: one.name for one in (self.specialist, self.other_specialist)}
        board = self.get_board(days=7, specialist_id=self.specialist.id)
        self.assertEqual(board["choices"], here)
        board = self.get_board(days=7, specialist_id=absent.id)
        self.assertEqual(board["choices"], {**here, absent.id: "Vera Nowhere"})
        self.assertNotIn("choices", self.get_board())

    def test_what_takes_part_of_the_day_in_another_branch_is_shown_as_busy(self):
        elsewhere = self.create_branch("South", "Asia/Yekaterinburg")
        room = self.create_room("Room 9", elsewhere)
        self.create_shift(
            hours="15:00-17:00",
            branch=elsewhere,
            room_id=room.id,
        )
        visit = self.visits.browse(
            self.visits.book(
                {
                    "service_id": self.service.id,
                    "specialist_id": self.specialist.id,
                    "patient_id": self.patient.id,
                    "start": str(self.at(MONDAY, "15:00", "Asia/Yekaterinburg")),
                }
            )
        )
        self.assertEqual(visit.branch_id, elsewhere)
        busy = self.get_board()["busy"]
        self.assertEqual(
            [(one["specialist_id"], tuple(one["pieces"][0])) for one in busy],
            [(self.specialist.id, (0, 780, 810))],
        )

    def test_a_group_session_is_a_card_of_its_own_until_somebody_comes(self):
        group = self.create_service("Group", 60, is_group=True)
        self.specialist.service_line_ids = [Command.create({"product_id": group.id})]
        session = self.env["clinic.session"].create(
            {
                "service_id": group.id,
                "specialist_id": self.specialist.id,
                "branch_id": self.branch.id,
                "start": self.at(MONDAY, "11:00"),
            }
        )
        kinds = {one["kind"] for one in self.get_board()["busy"]}
        self.assertEqual(kinds, {"session"})
        visit_id = self.visits.book(
            {"session_id": session.id, "patient_id": self.patient.id}
        )
        board = self.get_board()
        self.assertFalse(board["busy"])
        shown = {visit["id"]: visit["session_id"] for visit in board["visits"]}
        self.assertEqual(shown[visit_id], session.id)
        self.visits.browse(visit_id).cancel(self.reason.id)
        changes = self.visits.get_board_visits(
            {"branch_id": self.branch.id, "day": str(MONDAY)}, [visit_id]
        )
        self.assertEqual({one["kind"] for one in changes["busy"]}, {"session"})

    def test_queries_stay_constant_as_visits_grow(self):
        self.get_board()
        for clock in ("09:00", "09:30", "10:30"):
            self.book(clock, patient=self.create_patient(f"Somebody at {clock}"))
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            self.get_board()

    def test_leave_shows_that_somebody_is_away_and_not_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other clinic"})
        employee = self.env["hr.employee"].create(
            {"name": "Anna", "clinic_specialist_id": self.specialist.id}
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Why is nobody's business",
                "resource_id": employee.resource_id.id,
                "date_from": self.at(MONDAY, "11:00"),
                "date_to": self.at(MONDAY, "12:00"),
            }
        )
        [absence] = self.get_board()["absences"]
        self.assertEqual(absence["specialist_id"], self.specialist.id)
        self.assertEqual(absence["pieces"], [(0, 660, 720)])
        self.assertNotIn("nobody", str(self.get_board()))
        stranger = new_test_user(
            self.env,
            "board_stranger",
            "clinic_base.group_registrar",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(UserError):
            self.get_board(stranger, specialist_id=self.specialist.id)

    def test_nonsense_is_refused_in_words(self):
        for wrong in ({"day": False}, {"branch_id": 0}, {"days": 40}, {"colour": 1}):
            with self.subTest(wrong), self.assertRaises(UserError):
                self.get_board(**wrong)

    def test_who_may_not_read_visits_gets_no_board(self):
        nobody = new_test_user(self.env, "board_nobody", "base.group_user")
        api_user = new_test_user(self.env, "board_api", "clinic_base.group_booking_api")
        for user in (nobody, api_user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.get_board(user)


@tagged("post_install", "-at_install")
class TestBoardMessages(BoardCommon):
    def collect(self):
        """Messages to boards that a commit would send, as (channel, payload)."""
        sent = []
        self.patch(
            type(self.env["bus.bus"]),
            "_sendone",
            lambda bus, target, kind, message: sent.append((target, message)),
        )
        self.env.cr.postcommit.run()
        return sent

    def test_a_booking_tells_the_boards_of_its_branch_and_names_nobody(self):
        self.env.cr.postcommit.clear()
        visit = self.book("11:30")
        ((target, message),) = self.collect()
        self.assertEqual(target, (self.branch, "clinic_board"))
        self.assertEqual(
            message,
            {
                "branch_id": self.branch.id,
                "days": ["2026-03-02"],
                "visit_ids": [visit.id],
                "version": message["version"],
            },
        )

    def test_a_move_tells_both_days(self):
        tuesday = date(2026, 3, 3)
        self.create_shift(day=tuesday)
        self.env.cr.postcommit.clear()
        self.visit.reschedule(str(self.at(tuesday, "10:00")))
        ((_target, message),) = self.collect()
        self.assertEqual(message["days"], ["2026-03-02", "2026-03-03"])

    def test_only_who_may_see_visits_hears_of_changes(self):
        name = f"clinic_board_{self.branch.id}"
        websocket = self.env["ir.websocket"]
        nobody = new_test_user(self.env, "deaf", "base.group_user")
        for user, hears in ((self.registrar, True), (nobody, False)):
            channels = websocket.with_user(user)._get_board_channels([name])
            self.assertEqual(bool(channels), hears)
