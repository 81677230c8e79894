from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tests.common import new_test_user
from odoo.tools import mute_logger

from ...exceptions import (
    BookingLimitError,
    SlotRefusedError,
    SlotTakenError,
    StateMoveError,
)
from ...models.engine import clinic_appointment_hold
from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestBooking(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls.create_shift()
        cls.other_shift = cls.create_shift(cls.other_specialist)

    def get_occupancy(self, visit, **criteria):
        return self.env["clinic.occupancy"].search([("appointment_id", "=", visit.id)])

    def test_a_visit_takes_specialist_room_and_patient(self):
        visit = self.book("09:00")
        rows = self.get_occupancy(visit)
        self.assertEqual(set(rows.mapped("role")), {"specialist", "room", "patient"})
        self.assertEqual(visit.state, "booked")
        self.assertEqual(visit.stop - visit.start, timedelta(minutes=30))
        self.assertEqual(visit.room_id, self.room)
        self.assertTrue(visit.is_first)

    def test_every_offered_start_can_be_booked(self):
        for clock in self.find(specialist_ids=[self.specialist.id], step=30):
            self.book(clock, patient=self.create_patient(f"Patient {clock}"))
        self.assertEqual(self.find(specialist_ids=[self.specialist.id]), [])

    def test_a_taken_specialist_is_refused(self):
        self.book("09:00")
        with self.assertRaises(SlotTakenError):
            self.book("09:15", patient=self.other_patient)

    def test_a_taken_patient_is_refused_without_a_name(self):
        self.book("09:00")
        with self.assertRaises(UserError) as caught:
            self.book("09:15", specialist=self.other_specialist)
        self.assertNotIn("Ivanov", str(caught.exception))

    def test_a_time_outside_shifts_breaks_a_rule(self):
        with self.assertRaises(SlotRefusedError):
            self.book("08:45")
        with self.assertRaises(SlotRefusedError):
            self.book("11:45")

    def test_the_loser_is_told_the_next_best(self):
        self.assertEqual(
            SlotTakenError("x", [{"start": "y"}]).context["slots"], [{"start": "y"}]
        )

    def test_visits_may_touch(self):
        self.book("09:00")
        self.book("09:30", patient=self.other_patient)

    def test_the_database_itself_refuses_an_overlap(self):
        visit = self.book("09:00")
        row = self.get_occupancy(visit).filtered(lambda row: row.role == "specialist")
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env["clinic.occupancy"].create(
                {
                    "role": "specialist",
                    "resource_id": row.resource_id.id,
                    "session_id": row.session_id + 1,
                    "start": row.start + timedelta(minutes=5),
                    "stop": row.stop,
                    "kind": "block",
                }
            )

    def test_a_second_free_room_is_used(self):
        first = self.book("09:00")
        second = self.book(
            "09:00", specialist=self.other_specialist, patient=self.other_patient
        )
        self.assertEqual(first.room_id | second.room_id, self.room | self.other_room)

    def test_visits_are_neither_created_nor_moved_by_hand(self):
        visit = self.book("09:00")
        forged = self.visits.with_context(clinic_engine=True)
        with self.assertRaises(UserError):
            forged.create({"patient_id": self.patient.id})
        for field, value in (
            ("state", "done"),
            ("start", visit.stop),
            ("room_id", False),
        ):
            with self.assertRaises(UserError):
                visit.with_context(clinic_engine=True).write({field: value})
        with self.assertRaises(UserError):
            visit.unlink()

    # === STATES === #

    def test_states_move_through_the_day(self):
        visit = self.book("09:00")
        for action, state in (
            ("action_confirm", "confirmed"),
            ("action_arrive", "arrived"),
            ("action_start", "in_progress"),
            ("action_done", "done"),
        ):
            getattr(visit, action)()
            self.assertEqual(visit.state, state)
        self.assertEqual(
            visit.log_ids.sorted("id").mapped("new"),
            ["confirmed", "arrived", "in_progress", "done"],
        )

    def test_impossible_moves_are_refused(self):
        visit = self.book("09:00")
        with self.assertRaises(StateMoveError):
            visit.action_done()
        visit.cancel(self.reason.id)
        with self.assertRaises(StateMoveError):
            visit.action_arrive()

    def test_cancelling_frees_the_time(self):
        visit = self.book("09:00")
        visit.cancel(self.reason.id)
        self.assertFalse(self.get_occupancy(visit))
        self.book("09:00", patient=self.other_patient)

    def test_a_no_show_is_reversed_by_role_and_only_if_the_time_is_free(self):
        visit = self.book("09:00")
        visit.action_no_show()
        registrar = new_test_user(self.env, "reg", groups="clinic_base.group_registrar")
        with self.assertRaises(AccessError):
            visit.with_user(registrar).action_reverse()
        visit.action_reverse()
        self.assertEqual(visit.state, "booked")
        self.assertEqual(visit.log_ids.sorted("id")[-1].event, "reversed")
        visit.action_no_show()
        self.book("09:00", patient=self.other_patient)
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
        ):
            visit.action_reverse()

    # === MOVES === #

    def test_a_move_keeps_the_same_rows(self):
        visit = self.book("09:00")
        rows = self.get_occupancy(visit)
        visit.reschedule(self.at(MONDAY, "09:15"))
        self.assertEqual(self.get_occupancy(visit), rows)
        self.assertEqual(visit.start, self.at(MONDAY, "09:15"))
        self.assertEqual(visit.log_ids.sorted("id")[-1].event, "moved")

    def test_a_refused_move_leaves_the_visit_where_it_was(self):
        visit = self.book("09:00")
        self.book("10:00", patient=self.other_patient)
        with self.assertRaises(SlotTakenError):
            visit.reschedule(self.at(MONDAY, "10:15"))
        self.assertEqual(visit.start, self.at(MONDAY, "09:00"))

    def test_a_visit_moves_to_another_specialist(self):
        visit = self.book("09:00")
        visit.reschedule(
            self.at(MONDAY, "11:00"), specialist_id=self.other_specialist.id
        )
        self.assertEqual(visit.specialist_id, self.other_specialist)

    def test_two_visits_swap(self):
        one = self.book("09:00")
        other = self.book("09:30", patient=self.other_patient)
        one.swap(other.id)
        self.assertEqual(one.start, self.at(MONDAY, "09:30"))
        self.assertEqual(other.start, self.at(MONDAY, "09:00"))

    # === HOLDS === #

    def test_a_hold_keeps_the_time_until_it_runs_out(self):
        hold = self.visits.browse(self.visits.hold(self.prepare("09:00")))
        with self.assertRaises(SlotTakenError):
            self.book("09:00", patient=self.other_patient)
        self.expire(hold)
        self.assertIn("09:00", self.find())
        self.book("09:00", patient=self.other_patient)
        self.assertEqual(hold.state, "expired")

    def expire(self, hold):
        past = self.now - timedelta(minutes=1)
        hold._as_engine().write({"expires_at": past})
        hold._sync_occupancy()

    def test_a_hold_becomes_a_visit_in_place(self):
        hold_id = self.visits.hold({**self.prepare("09:00"), "patient_id": False})
        hold = self.visits.browse(hold_id)
        rows = self.get_occupancy(hold)
        visit_id = self.visits.book({"hold_id": hold_id, "patient_id": self.patient.id})
        self.assertEqual(visit_id, hold_id)
        self.assertEqual(hold.state, "booked")
        self.assertLess(rows, self.get_occupancy(hold))
        self.assertEqual(set(self.get_occupancy(hold).mapped("kind")), {"visit"})

    def test_holds_per_phone_are_limited(self):
        anonymous = {"patient_id": False, "phone": "+79160000000"}
        for clock in ("09:00", "09:30"):
            self.visits.hold({**self.prepare(clock), **anonymous})
        with self.assertRaises(BookingLimitError):
            self.visits.hold({**self.prepare("10:00"), **anonymous})

    def test_where_nothing_is_held_a_hold_is_refused_and_a_visit_booked(self):
        for field, vals in (
            ("clinic_hold_minutes", {}),
            ("clinic_holds_per_phone", {"phone": "+79160000000"}),
            ("clinic_holds_per_patient", {}),
        ):
            before = self.env.company[field]
            self.env.company[field] = 0
            with self.subTest(field=field), self.env.cr.savepoint() as undo:
                with self.assertRaisesRegex(BookingLimitError, "at once"):
                    self.visits.hold({**self.prepare("09:00"), **vals})
                undo.rollback()
            self.env.invalidate_all()
            self.env.company[field] = before
        self.env.company.clinic_hold_minutes = 0
        self.assertEqual(self.book("09:00").state, "booked")

    def test_cron_frees_expired_holds_batch_by_batch_and_no_other(self):
        vals = [self.prepare(f"09:{minute}") for minute in ("00", "30")]
        vals += [{**self.prepare("10:00"), "patient_id": False}]
        vals += [{**self.prepare("10:30"), "patient_id": self.other_patient.id}]
        holds = self.visits.browse(self.visits.hold(one) for one in vals)
        *expired, kept = holds
        for hold in expired:
            self.expire(hold)
        with (
            self.enter_registry_test_mode(),
            patch.object(clinic_appointment_hold, "BATCH", 2),
        ):
            self.env.ref("clinic_schedule.ir_cron_expire_holds").method_direct_trigger()
        self.assertEqual(holds.mapped("state"), ["expired"] * 3 + ["hold"])
        self.assertEqual(
            self.env["clinic.limit.claim"]
            .search([("appointment_id", "in", holds.ids)])
            .appointment_id,
            kept,
        )

    # === RULES === #

    def test_overbooking_needs_role_and_reason(self):
        self.book("09:00")
        asked = self.prepare(
            "09:00", patient=self.other_patient, overbook_reason="Pain"
        )
        registrar = new_test_user(self.env, "reg", groups="clinic_base.group_registrar")
        with self.assertRaises(AccessError):
            self.visits.with_user(registrar).book(asked)
        visit = self.visits.browse(self.visits.book(asked))
        over = self.get_occupancy(visit).filtered("overbooked")
        self.assertEqual(over.role, "specialist")
        self.assertEqual(over.overbook_user_id, self.env.user)
        self.assertEqual(visit.log_ids.event, "overbooked")
        self.assertEqual(visit.room_id, self.other_room)

    def test_a_daily_limit_closes_the_day(self):
        self.env["clinic.day.limit"].create(
            {"specialist_id": self.specialist.id, "maximum": 1}
        )
        visit = self.book("09:00")
        self.assertEqual(self.find(specialist_ids=[self.specialist.id]), [])
        with self.assertRaises(UserError):
            self.book("10:00", patient=self.other_patient)
        visit.reschedule(self.at(MONDAY, "10:00"))
        visit.cancel(self.reason.id)
        self.book("10:00", patient=self.other_patient)

    def test_a_site_sees_no_less_than_the_notice_ahead(self):
        self.create_shift(day=self.now.date(), hours="09:00-12:00")
        site = new_test_user(self.env, "site", groups="clinic_base.group_booking_api")
        found = self.visits.with_user(site).find_slots({"service_id": self.service.id})
        self.assertEqual(found[0]["start"], "2026-03-01 07:00:00")

    def test_registrars_book_and_others_do_not(self):
        registrar = new_test_user(self.env, "reg", groups="clinic_base.group_registrar")
        self.visits.with_user(registrar).book(self.prepare("09:00"))
        outsider = new_test_user(self.env, "out", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.visits.with_user(outsider).book(self.prepare("10:00"))
        with self.assertRaises(AccessError):
            self.visits.with_user(outsider).find_slots({"service_id": self.service.id})

    def test_booking_takes_few_statements(self):
        self.book("09:00")
        statements = self.count_own_statements(lambda: self.book("10:00"))
        self.assertLessEqual(statements, 15)

    # === MESSAGES === #

    def test_a_visit_that_moves_back_is_told_of_again(self):
        visit = self.book("09:00")
        for clock in ("10:00", "11:00", "10:00"):
            visit.reschedule(self.at(MONDAY, clock))
        told = self.env["clinic.message"].search_count(
            [("appointment_id", "=", visit.id), ("purpose", "=", "moved")]
        )
        self.assertEqual(told, 3)

    def test_the_patient_is_told_once_and_neutrally(self):
        visit = self.book("09:00")
        visit._notify_patient("booked")
        message = self.env["clinic.message"].search(
            [("patient_id", "=", self.patient.id)]
        )
        self.assertEqual(message.purpose, "booked")
        self.assertEqual(message.state, "queued")
        message._fill()
        self.assertEqual(message.recipient, "+79161234567")
        self.assertNotIn("Consultation", message.body)
        self.assertIn("North", message.body)
        visit.cancel(self.reason.id)
        self.assertEqual(
            set(message.search([("appointment_id", "=", visit.id)]).mapped("purpose")),
            {"booked", "cancelled"},
        )
