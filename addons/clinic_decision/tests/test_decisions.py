from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.decisions import STOP, Occasion, Rule, decide, hand_out

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


@tagged("post_install", "-at_install")
class TestDecide(BaseCase):
    def decide(self, rules, *met, taken=()):
        occasions = [Occasion(rule, visit, day, "key") for rule, visit, day in met]
        return [
            (one.occasion.visit, one.action) for one in decide(rules, occasions, taken)
        ]

    def test_the_first_rule_that_asks_for_a_kind_of_action_gets_it(self):
        rules = [Rule(1, ((11, "remind"),)), Rule(2, ((21, "remind"), (22, "block")))]
        self.assertEqual(
            self.decide(rules, (2, 7, DAY), (1, 7, DAY)), [(7, 11), (7, 22)]
        )

    def test_the_next_day_is_another_day(self):
        rules = [Rule(1, ((11, "remind"),))]
        met = [(1, 7, DAY), (1, 7, NEXT)]
        self.assertEqual(self.decide(rules, *met), [(7, 11), (7, 11)])

    def test_a_rule_that_stops_keeps_later_rules_from_its_visits_only(self):
        rules = [Rule(1, ((11, "remind"),), stops=True), Rule(2, ((22, "block"),))]
        met = [(1, 7, DAY), (2, 7, DAY), (2, 8, DAY)]
        self.assertEqual(self.decide(rules, *met), [(7, 11), (8, 22)])

    def test_what_was_decided_earlier_that_day_counts(self):
        rules = [Rule(1, ((11, "remind"), (12, "block")))]
        taken = [(7, DAY, "remind"), (8, DAY, STOP)]
        met = [(1, 7, DAY), (1, 8, DAY), (1, 9, DAY)]
        self.assertEqual(
            self.decide(rules, *met, taken=taken), [(7, 12), (9, 11), (9, 12)]
        )


@tagged("post_install", "-at_install")
class TestHandOut(BaseCase):
    def test_who_works_at_the_branch_and_has_fewest_tasks_gets_it(self):
        for branches, members, load, chosen in (
            ([1, 1, 1], {5: [1], 6: [1]}, {5: 1}, [6, 5, 6]),
            ([1, 2], {5: [1], 6: [2], 7: [1, 2]}, {7: 9}, [5, 6]),
            ([1], {5: [], 6: [1]}, {6: 9}, [6]),
            ([1], {5: [], 6: [2]}, {}, [5]),
            ([1], {6: [2]}, {}, [None]),
            ([1], {}, {}, [None]),
        ):
            self.assertEqual(hand_out(branches, members, load), chosen)
