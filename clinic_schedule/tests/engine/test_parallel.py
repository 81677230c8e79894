"""Real transactions at the same time, on committed data that is removed afterwards."""

import random
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from ...exceptions import SlotTakenError
from ..parallel import ParallelCase


@tagged("post_install", "-at_install")
class TestParallel(ParallelCase):
    """Every thread reads first: its snapshot is older than the others' visits."""

    def book_together(self, bookings):
        return self.run_together(
            [
                lambda env, vals=vals: env["clinic.appointment"].book(vals)
                for vals in bookings
            ]
        )

    def assert_one_wins(self, results):
        won = [result for result in results if isinstance(result, int)]
        lost = [result for result in results if isinstance(result, SlotTakenError)]
        self.assertEqual(len(won), 1, results)
        self.assertEqual(len(lost), len(results) - 1, results)
        self.assertTrue(all(error.context["slots"] for error in lost))

    def test_a_specialist_is_booked_once(self):
        results = self.book_together([self.prepare(patient=n) for n in range(6)])
        self.assert_one_wins(results)
        self.assert_no_overlap()

    def test_a_patient_is_booked_once(self):
        results = self.book_together(
            [self.prepare(specialist=n, minutes=60) for n in range(6)]
        )
        self.assert_one_wins(results)
        self.assert_no_overlap()

    def test_trips_that_share_one_time_are_held_once_and_whole(self):
        trips = [
            {
                "legs": [
                    self.prepare(specialist=0, minutes=420),
                    self.prepare(specialist=n, minutes=450),
                ]
            }
            for n in range(1, 6)
        ]
        for trip in trips:
            for leg in trip["legs"]:
                del leg["patient_id"]
        results = self.run_together(
            [
                lambda env, vals=trip: env["clinic.appointment"].hold_trip(vals)
                for trip in trips
            ]
        )
        won = [result for result in results if isinstance(result, list)]
        self.assertEqual([len(ids) for ids in won], [2], results)
        lost = [result for result in results if isinstance(result, SlotTakenError)]
        self.assertEqual(len(lost), 4, results)
        with self.open() as env:
            held = env["clinic.appointment"].search(
                [("state", "=", "hold"), ("service_id", "=", self.service)]
            )
            self.assertEqual(set(held.ids), set(won[0]))
        self.assert_no_overlap()

    def test_a_room_is_booked_once(self):
        room = self.rooms[0]
        results = self.book_together(
            [
                self.prepare(specialist=n, patient=n, minutes=120, room_id=room)
                for n in range(6)
            ]
        )
        self.assert_one_wins(results)
        self.assert_no_overlap()

    def test_everybody_finds_a_room_of_their_own(self):
        results = self.book_together(
            [self.prepare(specialist=n, patient=n, minutes=180) for n in range(8)]
        )
        self.assertTrue(all(isinstance(result, int) for result in results), results)
        self.assert_no_overlap()

    def test_a_storm_sells_nothing_twice_and_only_says_taken(self):
        """Six clerks book the same few hours of five specialists, eight times each."""

        def work(env, chance):
            booked = 0
            for _visit in range(8):
                vals = self.prepare(
                    specialist=chance.randrange(5),
                    patient=chance.randrange(8),
                    minutes=240 + 30 * chance.randrange(4),
                )
                try:
                    env["clinic.appointment"].book(vals)
                    env.cr.commit()
                    booked += 1
                except SlotTakenError:
                    env.cr.rollback()
            return booked

        results = self.run_together(
            [lambda env, n=n: work(env, random.Random(n)) for n in range(6)]
        )
        self.assertTrue(all(isinstance(result, int) for result in results), results)
        # There are twenty hours: five specialists, four half-hours.
        self.assertTrue(0 < sum(results) <= 20)
        self.assert_no_overlap()

    def plan_session(self, minutes, capacity):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return (
                env["clinic.session"]
                .create(
                    {
                        "service_id": self.group,
                        "specialist_id": self.specialists[6],
                        "branch_id": self.branch,
                        "start": self.start + timedelta(minutes=minutes),
                        "capacity": capacity,
                    }
                )
                .id
            )

    def take_places(self, session, count):
        return [
            lambda env, patient=patient: env["clinic.appointment"].book(
                {"session_id": session, "patient_id": patient}
            )
            for patient in self.patients[:count]
        ]

    def get_places(self, session):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT seat FROM clinic_appointment"
                " WHERE group_session_id = %s AND state = 'booked' ORDER BY seat",
                [session],
            )
            return [seat for (seat,) in cr.fetchall()]

    def test_a_session_is_never_overfilled(self):
        session = self.plan_session(240, capacity=3)
        results = self.run_together(self.take_places(session, 8))
        won = [result for result in results if isinstance(result, int)]
        lost = [result for result in results if isinstance(result, SlotTakenError)]
        self.assertEqual((len(won), len(lost)), (3, 5), results)
        self.assertEqual(self.get_places(session), [1, 2, 3])

    def test_nobody_keeps_a_place_in_a_cancelled_or_smaller_session(self):
        """Whoever comes too late fails and is tried again by Odoo."""
        cancelled = self.plan_session(300, capacity=8)
        smaller = self.plan_session(330, capacity=8)

        def cancel(env):
            return env["clinic.session"].browse(cancelled).cancel(self.reason)

        def shrink(env):
            session = env["clinic.session"].browse(smaller)
            return session.write({"capacity": 1}) and env.flush_all()

        self.run_with_retry([*self.take_places(cancelled, 3), cancel])
        self.assertEqual(self.get_places(cancelled), [])
        self.run_with_retry([*self.take_places(smaller, 1), shrink])
        self.assertLessEqual(self.get_places(smaller), [1])

    def run_with_retry(self, calls):
        """Like Odoo, run the last call again until nothing has come in between."""
        *_booked, result = self.run_together(calls)
        while isinstance(result, (ConcurrencyError, SerializationFailure)):
            [result] = self.run_together(calls[-1:])
        self.assertFalse(isinstance(result, Exception), result)

    def test_a_leave_and_a_booking_never_both_pass_unseen(self):
        """One of them fails and is tried again by Odoo, or the leave sees the visit."""

        def leave(env):
            shift = env["clinic.shift"].browse(self.shifts[7])
            shift.write({"stop": self.start + timedelta(hours=5)})
            env.flush_all()
            return "cut"

        def book(env):
            return env["clinic.appointment"].book(
                self.prepare(specialist=7, patient=7, minutes=6 * 60)
            )

        results = self.run_together([leave, book])
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM clinic_appointment WHERE specialist_id = %s"
                " AND start > %s",
                [self.specialists[7], self.start + timedelta(hours=5)],
            )
            [booked] = cr.fetchone()
        if booked:
            self.assertIn("cut", results)
        else:
            self.assertIsInstance(results[1], Exception)
