import doctest
from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ...tools import packing, spans, walltime
from ...tools.roster import Calendar, Pattern, get_days, plan
from ...tools.walltime import resolve, to_utc, wish_windows

BERLIN = "Europe/Berlin"


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_docstrings_hold(self):
        for module in (packing, walltime, spans):
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

    def test_alternating_weeks_count_from_the_first(self):
        pattern = Pattern(1, 0, 540, 720, date(2026, 3, 4), None, 2, BERLIN)
        days = list(get_days(pattern, date(2026, 3, 1), date(2026, 4, 6), Calendar()))
        self.assertEqual(days, [date(2026, 3, 16), date(2026, 3, 30)])

    def test_holidays_and_moved_days(self):
        pattern = Pattern(1, 0, 540, 720, date(2026, 3, 2), None, 1, BERLIN)
        monday, saturday = date(2026, 3, 9), date(2026, 3, 14)
        calendar = Calendar(holidays=frozenset({monday}), like=((saturday, 0),))
        days = list(get_days(pattern, monday, saturday, calendar))
        self.assertEqual(days, [saturday])
        calendar = Calendar(holidays=frozenset({monday}), open=frozenset({monday}))
        self.assertEqual(list(get_days(pattern, monday, saturday, calendar)), [monday])

    def test_a_leave_cuts_the_middle_out(self):
        pattern = Pattern(1, 0, 540, 720, date(2026, 3, 2), None, 1, "UTC")
        day = date(2026, 3, 2)
        cut = (datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 11))
        self.assertEqual(
            plan(pattern, day, day, Calendar(), [cut]),
            {
                day: [
                    (datetime(2026, 3, 2, 9), cut[0]),
                    (cut[1], datetime(2026, 3, 2, 12)),
                ]
            },
        )

    def test_the_cheapest_placement_touches_an_edge(self):
        placements = [packing.Placement(120, at, 30) for at in (0, 15, 30, 45)]
        best = min(placements, key=lambda one: packing.rank_key(one, 20))
        self.assertEqual(best.offset, 0)
