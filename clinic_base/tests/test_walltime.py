import doctest
from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..tools import spans, walltime
from ..tools.walltime import resolve, to_utc, wish_windows

BERLIN = "Europe/Berlin"


@tagged("post_install", "-at_install")
class TestWalltime(BaseCase):
    def test_examples_in_docstrings_hold(self):
        for module in (walltime, spans):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_a_skipped_time_moves_forward(self):
        for tz, day, minute, expected in (
            (BERLIN, date(2026, 3, 29), 150, datetime(2026, 3, 29, 1, 30)),
            (
                "Australia/Lord_Howe",
                date(2026, 10, 4),
                135,
                datetime(2026, 10, 3, 15, 45),
            ),
            ("America/Santiago", date(2026, 9, 6), 15, datetime(2026, 9, 6, 4, 15)),
        ):
            self.assertEqual(resolve(day, minute, tz), (expected, "skipped"), tz)

    def test_a_repeated_time_is_its_first_pass(self):
        found = resolve(date(2026, 10, 25), 150, BERLIN)
        self.assertEqual(found, (datetime(2026, 10, 25, 0, 30), "repeated"))

    def test_ordinary_times_are_not_flagged(self):
        for tz, utc in (
            ("Europe/Moscow", datetime(2026, 3, 2, 6)),
            ("Asia/Yekaterinburg", datetime(2026, 3, 2, 4)),
            ("Asia/Kathmandu", datetime(2026, 3, 2, 3, 15)),
        ):
            self.assertEqual(resolve(date(2026, 3, 2), 540, tz), (utc, None))

    def test_night_hours_are_shorter_in_spring_and_longer_in_autumn(self):
        for day, hours in ((date(2026, 3, 29), 3), (date(2026, 10, 25), 5)):
            length = to_utc(day, 300, BERLIN) - to_utc(day, 60, BERLIN)
            self.assertEqual(length.total_seconds() / 3600, hours)

    def test_wishes_keep_wall_time_over_a_clock_change(self):
        windows = wish_windows(
            datetime(2026, 3, 23),
            datetime(2026, 4, 6),
            BERLIN,
            frozenset({0}),
            540,
            600,
        )
        self.assertEqual(
            windows,
            [
                (datetime(2026, 3, 23, 8), datetime(2026, 3, 23, 9)),
                (datetime(2026, 3, 30, 7), datetime(2026, 3, 30, 8)),
            ],
        )
