"""A booking that somebody has left open, as a real transaction."""

import threading
import time
from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...exceptions import BookingBusyError
from ..parallel import ParallelCase

# Seconds in which whoever finds the time busy has an answer.
SOON = 5


class PatienceCommon(ParallelCase):
    @contextmanager
    def left_open(self, **vals):
        """Somebody has booked ``vals`` and does not come to an end."""
        with self.open() as env:
            env["clinic.appointment"].book(self.prepare(**vals))
            yield
            env.cr.rollback()

    @contextmanager
    def answered_soon(self):
        began = time.monotonic()
        yield
        self.assertLess(time.monotonic() - began, SOON)

    def book(self, env, **vals):
        return env["clinic.appointment"].book(self.prepare(**vals))

    def assert_patient_again(self, env):
        """What the transaction does next waits as ever."""
        env.cr.execute("SHOW lock_timeout")
        self.assertEqual(env.cr.fetchone(), ("0",))


@tagged("post_install", "-at_install")
class TestPatience(PatienceCommon):
    def test_another_hour_of_the_specialist_is_answered_soon(self):
        with self.left_open(), self.open() as env:
            with self.answered_soon(), self.assertRaises(BookingBusyError) as busy:
                self.book(env, patient=1, minutes=60)
            self.assertTrue(busy.exception.context["slots"])
            self.assertEqual(busy.exception.http_status, 409)
            self.assert_patient_again(env)
        with self.open() as env:
            self.assertTrue(self.book(env, patient=1, minutes=60))
            self.assert_patient_again(env)

    def test_a_shared_room_is_answered_soon(self):
        room = self.rooms[1]
        with self.left_open(specialist=1, minutes=90, room_id=room):
            with self.open() as env, self.answered_soon():
                with self.assertRaises(BookingBusyError):
                    self.book(env, specialist=2, patient=2, minutes=90, room_id=room)

    def test_waits_at_several_locks_share_one_time(self):
        """The specialist gets free, then the room does not."""
        room = self.rooms[1]
        with self.open() as first, self.open() as second, self.open() as env:
            self.book(first, specialist=5, patient=5, minutes=240)
            self.book(second, specialist=1, patient=1, minutes=240, room_id=room)
            release = threading.Timer(2.5, first.cr.rollback)
            release.start()
            with self.answered_soon(), self.assertRaises(BookingBusyError):
                self.book(env, specialist=5, patient=2, minutes=240, room_id=room)
            release.join()
            second.cr.rollback()

    def test_those_behind_are_answered_soon_too(self):
        with self.left_open(specialist=3, minutes=120), self.answered_soon():
            results = self.run_together(
                [
                    lambda env, n=n: self.book(
                        env, specialist=3, patient=n, minutes=120 + 30 * n
                    )
                    for n in range(1, 5)
                ]
            )
        self.assertEqual({type(result) for result in results}, {BookingBusyError})

    def test_a_visit_that_somebody_changes_is_answered_soon(self):
        with self.open() as env:
            visit_id = self.book(env, specialist=4, patient=4, minutes=180)
        with self.open() as other:
            other["clinic.appointment"].browse(visit_id).action_confirm()
            other.flush_all()
            with self.open() as env, self.answered_soon():
                visit = env["clinic.appointment"].browse(visit_id)
                with self.assertRaises(UserError):
                    visit.cancel(self.reason)
                self.assert_patient_again(env)
            other.cr.rollback()
