from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from ...exceptions import (
    SeriesClashError,
    SlotRefusedError,
    SlotTakenError,
    StateMoveError,
)
from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestSessions(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group = cls.create_service("Group exercises", 60, is_group=True)
        for specialist in (cls.specialist, cls.other_specialist):
            specialist.service_line_ids = [(0, 0, {"product_id": cls.group.id})]
        cls.create_shift()
        cls.create_shift(cls.other_specialist)
        cls.registrar = new_test_user(
            cls.env, "desk", groups="clinic_base.group_registrar"
        )

    def plan(self, clock="10:00", day=MONDAY, **vals):
        return (
            self.env["clinic.session"]
            .with_user(self.registrar)
            .create(
                {
                    "service_id": self.group.id,
                    "specialist_id": self.specialist.id,
                    "branch_id": self.branch.id,
                    "start": self.at(day, clock),
                    "capacity": 2,
                    **vals,
                }
            )
            .sudo()
        )

    def take(self, session, patient=None, **vals):
        return self.visits.browse(
            self.visits.with_user(self.registrar).book(
                {
                    "session_id": session.id,
                    "patient_id": (patient or self.patient).id,
                    **vals,
                }
            )
        )

    def get_rows(self, session):
        return self.env["clinic.occupancy"].search([("session_id", "=", session.id)])

    # === OTHER COMPANIES === #

    def test_another_company_sees_no_time_of_a_group(self):
        self.room.resource_id.company_id = self.branch.company_id
        session = self.plan(room_id=self.room.id)
        self.take(session)
        rows = self.get_rows(session)
        self.assertEqual(len(rows), 3, "specialist, room, patient")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="clinic_base.group_registrar_chief,clinic_base.group_medical_chief",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        unseen = rows.with_user(stranger)
        self.assertFalse(unseen.search([("id", "in", rows.ids)]))
        for row in unseen:
            with self.subTest(row=row.id), self.assertRaises(AccessError):
                row.read(["start", "resource_id"])
        own = rows.with_user(self.registrar).search([("id", "in", rows.ids)])
        self.assertIn(self.room.resource_id, own.resource_id)

    # === PLANNING === #

    def test_a_session_takes_specialist_and_room_once(self):
        session = self.plan()
        self.take(session)
        self.take(session, self.other_patient)
        rows = self.get_rows(session)
        self.assertEqual(
            sorted(rows.mapped("role")), ["patient", "patient", "room", "specialist"]
        )
        self.assertEqual(set(rows.mapped("kind")), {"visit"})
        with self.assertRaises(SlotTakenError):
            self.book("10:15", patient=self.create_patient("Third"))

    def test_a_session_is_not_planned_over_a_visit_or_outside_a_shift(self):
        self.book("10:30")
        with self.assertRaises(SlotTakenError):
            self.plan()
        with self.assertRaises(SlotRefusedError):
            self.plan("13:00")

    def test_sessions_repeat_every_week_or_not_at_all(self):
        for weeks in (1, 2):
            self.create_shift(day=MONDAY + timedelta(weeks=weeks))
        until = MONDAY + timedelta(weeks=2)
        self.plan(repeat_until=until)
        sessions = self.env["clinic.session"].search([])
        self.assertEqual(len(sessions), 3)
        with self.assertRaises(SeriesClashError):
            self.plan("11:00", repeat_until=until + timedelta(weeks=1))
        self.assertEqual(self.env["clinic.session"].search([]), sessions)

    def test_weeks_that_clash_are_settled_one_by_one(self):
        """Taken, on a day off, or at another hour: nothing is planned until settled."""
        for weeks in (1, 3):
            self.create_shift(day=MONDAY + timedelta(weeks=weeks))
        taken = self.plan(day=MONDAY + timedelta(weeks=1))
        until = MONDAY + timedelta(weeks=3)
        with self.assertRaises(SeriesClashError) as caught:
            self.plan(repeat_until=until)
        first, second = caught.exception.context["clashes"]
        self.assertEqual(
            [(clash["date"], clash["reason"]) for clash in (first, second)],
            [
                (str(MONDAY + timedelta(weeks=1)), "taken"),
                (str(MONDAY + timedelta(weeks=2)), "not_working"),
            ],
        )
        self.assertEqual(self.env["clinic.session"].search([]), taken)
        settled = {
            "skip": [second["date"]],
            "instead": {first["date"]: first["alternatives"][0]},
        }
        self.plan(repeat_until=until, repeat_exceptions=settled)
        sessions = self.env["clinic.session"].search([], order="start") - taken
        self.assertEqual(
            [session.start.date() for session in sessions],
            [MONDAY + timedelta(weeks=weeks) for weeks in (0, 1, 3)],
        )
        self.assertNotEqual(sessions[1].start, taken.start)

    def test_exceptions_of_another_shape_are_refused(self):
        for exceptions in ({"unknown": 1}, {"instead": {str(MONDAY): "2050-01-01"}}):
            with self.assertRaises(UserError):
                self.plan(repeat_until=MONDAY, repeat_exceptions=exceptions)
        with self.assertRaises(UserError):
            self.plan(repeat_until=MONDAY, repeat_exceptions={"skip": [str(MONDAY)]})

    def test_a_daily_limit_counts_a_session_once_however_many_come(self):
        self.env["clinic.day.limit"].create(
            {"specialist_id": self.specialist.id, "maximum": 1}
        )
        session = self.plan()
        self.take(session)
        self.take(session, self.other_patient)
        with self.assertRaises(UserError):
            self.plan("11:00")
        session.write({"start": self.at(MONDAY, "11:00")})
        session.cancel(self.env["clinic.cancel.reason"].search([], limit=1).id)
        self.plan("11:00")

    def test_only_the_reception_plans_sessions(self):
        doctor = new_test_user(self.env, "doc", groups="clinic_base.group_medical")
        with self.assertRaises(AccessError):
            self.env["clinic.session"].with_user(doctor).create(
                {
                    "service_id": self.group.id,
                    "specialist_id": self.specialist.id,
                    "branch_id": self.branch.id,
                    "start": self.at(MONDAY, "10:00"),
                }
            )

    # === PLACES === #

    def test_a_search_for_a_group_service_finds_sessions_with_places(self):
        session = self.plan()
        self.take(session)
        [slot] = self.find_slots(service_id=self.group.id)
        self.assertEqual((slot["session_id"], slot["places_left"]), (session.id, 1))
        self.assertEqual(self.to_clock(slot["start"]), "10:00")
        own = {"service_id": self.group.id, "patient_id": self.patient.id}
        self.assertEqual(self.find(**own), [])
        self.assertEqual(self.find(service_id=self.group.id, hour_to="10:30"), [])
        self.take(session, self.other_patient)
        self.assertEqual(self.find(service_id=self.group.id), [])

    def test_a_session_has_a_thousand_places_at_most(self):
        session = self.plan(capacity=1000)
        self.assertEqual(session.places_left, 1000)
        for capacity in (0, 1001):
            with (
                self.subTest(capacity=capacity),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
            ):
                session.capacity = capacity
                self.env.flush_all()

    def test_a_session_has_no_more_visits_than_places(self):
        session = self.plan()
        later = self.plan("11:00")
        visits = self.take(session) | self.take(session, self.other_patient)
        self.assertEqual(set(visits.mapped("seat")), {1, 2})
        third = self.create_patient("Third")
        with self.assertRaises(SlotTakenError) as caught:
            self.take(session, third)
        [offered] = caught.exception.context["slots"]
        self.assertEqual(offered["session_id"], later.id)

    def test_a_place_is_meant_by_service_specialist_and_start(self):
        session = self.plan()
        visit = self.book("10:00", service_id=self.group.id)
        self.assertEqual(visit.group_session_id, session)
        with self.assertRaises(SlotRefusedError):
            self.book("09:00", service_id=self.group.id, patient=self.other_patient)

    def test_a_patient_has_one_place_and_is_nowhere_else(self):
        session = self.plan()
        self.take(session)
        with self.assertRaises(UserError):
            self.take(session)
        with self.assertRaises(UserError):
            self.book("10:30", specialist=self.other_specialist)

    def test_rules_for_patients_hold_for_places(self):
        self.specialist.min_age = 18
        child = self.create_patient("Child", birthdate=MONDAY - timedelta(days=900))
        with self.assertRaises(SlotRefusedError):
            self.take(self.plan(), child)

    def test_a_held_place_becomes_a_visit_or_runs_out(self):
        session = self.plan(capacity=1)
        hold_id = self.visits.hold({"session_id": session.id, "phone": "+79160000000"})
        hold = self.visits.browse(hold_id)
        with self.assertRaises(SlotTakenError):
            self.take(session)
        hold._as_engine().write({"expires_at": self.now - timedelta(minutes=1)})
        self.assertEqual(session.places_left, 1)
        visit = self.take(session)
        self.assertEqual((hold.state, visit.seat), ("expired", 1))
        visit.cancel(self.reason.id)
        hold_id = self.visits.hold({"session_id": session.id})
        self.visits.book({"hold_id": hold_id, "patient_id": self.patient.id})
        self.assertIn(self.patient, self.get_rows(session).patient_id)

    def test_a_cancelled_place_goes_to_the_waiting_list(self):
        session = self.plan(capacity=1)
        visit = self.take(session)
        wish = self.env["clinic.booking.request"].create(
            {
                "patient_id": self.other_patient.id,
                "service_id": self.group.id,
                "origin": "waiting",
            }
        )
        self.assertFalse(wish._offer())
        visit.cancel(self.reason.id)
        wish._offer()
        self.assertEqual(wish.appointment_id.group_session_id, session)
        wish.action_accept()
        self.assertEqual(wish.appointment_id.state, "booked")

    def test_a_place_moves_to_another_session(self):
        visit = self.take(self.plan())
        later = self.plan("11:00")
        visit.reschedule(later.start)
        self.assertEqual(visit.group_session_id, later)
        self.assertEqual(visit.session_id, later.id)
        with self.assertRaises(UserError):
            visit.swap(self.book("09:00", patient=self.other_patient).id)

    # === CHANGES === #

    def test_a_cancelled_session_cancels_its_visits_and_tells_the_patients(self):
        session = self.plan()
        visits = self.take(session) | self.take(session, self.other_patient)
        session.with_user(self.registrar).cancel(self.reason.id)
        self.assertEqual(set(visits.mapped("state")), {"cancelled"})
        self.assertFalse(self.get_rows(session))
        told = self.env["clinic.message"].search([("purpose", "=", "cancelled")])
        self.assertEqual(told.patient_id, self.patient | self.other_patient)
        with self.assertRaises(SlotRefusedError):
            self.take(session)
        self.book("10:00")

    def test_a_moved_session_moves_everybody(self):
        session = self.plan()
        visits = self.take(session) | self.take(session, self.other_patient)
        start = self.at(MONDAY, "09:00")
        session.with_user(self.registrar).write({"start": start})
        self.assertEqual(set(visits.mapped("start")), {start})
        self.assertEqual(set(self.get_rows(session).mapped("start")), {start})
        told = self.env["clinic.message"].search([("purpose", "=", "moved")])
        self.assertEqual(told.patient_id, self.patient | self.other_patient)

    def test_a_session_stays_where_it_is_if_a_patient_is_elsewhere_then(self):
        session = self.plan()
        visit = self.take(session)
        self.book("11:15", specialist=self.other_specialist)
        with self.assertRaises(UserError) as caught:
            session.write({"start": self.at(MONDAY, "11:00")})
        self.assertNotIn("Ivanov", str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(visit.start, self.at(MONDAY, "10:00"))

    def test_a_session_that_has_begun_neither_moves_nor_is_cancelled(self):
        session = self.plan()
        visit = self.take(session)
        visit.action_arrive()
        visit.action_start()
        with self.assertRaises(StateMoveError):
            session.write({"start": self.at(MONDAY, "11:00")})
        with self.assertRaises(StateMoveError):
            session.cancel(self.reason.id)

    def test_places_are_not_taken_away_from_patients(self):
        session = self.plan(capacity=3)
        first = self.take(session)
        last = self.take(session, self.other_patient)
        first.cancel(self.reason.id)
        session.with_user(self.registrar).write({"capacity": 1})
        self.assertEqual(last.seat, 1)
        session.capacity = 2
        self.take(session)
        with self.assertRaises(ValidationError):
            session.write({"capacity": 1})

    def test_what_a_session_is_cannot_be_written(self):
        session = self.plan()
        for vals in ({"service_id": self.service.id}, {"state": "cancelled"}):
            with self.assertRaises(UserError):
                session.with_context(clinic_engine=True).write(vals)

    # === COST === #

    def test_a_search_costs_the_same_for_many_sessions(self):
        def count():
            self.env["clinic.session"].invalidate_model()
            before = self.env.cr.sql_log_count
            self.find_slots(service_id=self.group.id)
            return self.env.cr.sql_log_count - before

        self.plan("09:00")
        count()
        few = count()
        for clock in ("10:00", "11:00"):
            self.plan(clock)
            self.plan(clock, specialist_id=self.other_specialist.id)
        self.assertEqual(count(), few)
