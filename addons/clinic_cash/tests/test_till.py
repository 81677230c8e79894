from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.till import TenderError, count_cash, settle

MONEY = st.integers(0, 10**9).map(lambda cents: cents / 100)


@tagged("-at_install", "post_install")
class TestTill(BaseCase):
    def assert_refused(self, kind, *sums):
        with self.assertRaises(TenderError) as caught:
            settle(*sums)
        self.assertEqual(caught.exception.kind, kind)
        return caught.exception.amount

    def test_the_card_pays_its_sum_and_cash_the_rest(self):
        settled = settle(4500, 2000, 3000)
        self.assertEqual(
            (settled.cash, settled.card, settled.change), (1500, 3000, 500)
        )

    def test_sums_that_do_not_fit_are_refused_with_what_is_missing(self):
        self.assertEqual(self.assert_refused("short", 100, 30, 20), 50)
        self.assert_refused("card_above_due", 100, 0, 100.01)
        for sums in ((-1, 0, 0), (1, -1, 2), (1, 2, -1)):
            self.assert_refused("negative", *sums)

    # The first example in a fresh clone reads the constants of the whole suite.
    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(MONEY, MONEY, MONEY)
    def test_nothing_is_lost_and_change_is_never_above_the_cash(self, due, cash, card):
        try:
            settled = settle(due, cash, card)
        except TenderError:
            self.assertTrue(card > due or round(cash + card - due, 2) < 0)
            return
        self.assertAlmostEqual(settled.cash + settled.card, due, 2)
        self.assertAlmostEqual(settled.cash + settled.change, cash, 2)
        self.assertLessEqual(settled.change, cash)
        self.assertEqual(settled.card, card)

    def test_notes_and_coins_are_added(self):
        self.assertEqual(count_cash({"5000": 2, "100": 3, "0.5": 1}), 10300.5)
        self.assertEqual(count_cash({}), 0)
