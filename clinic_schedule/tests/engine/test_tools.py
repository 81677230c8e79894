import doctest
from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ...tools import packing
from ...tools.roster import Calendar, Pattern, get_days, plan

BERLIN = "Europe/Berlin"


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_docstrings_hold(self):
        self.assertEqual(doctest.testmod(packing).failed, 0)

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
