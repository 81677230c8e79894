from odoo.tests import BaseCase, tagged

from ..tools.matching import Answer, Candidate, Outcome, evaluate, rank

HEART, NERVES, MOOD = 1, 2, 3


def candidate(number, takes, refuses=()):
    return Candidate(number, frozenset(takes), frozenset(refuses))


@tagged("-at_install", "post_install")
class TestMatching(BaseCase):
    def test_weights_of_a_problem_add_up_strongest_first(self):
        outcome = evaluate(
            [Answer(HEART, 1, False), Answer(MOOD, 3, False), Answer(HEART, 1, False)]
        )
        self.assertEqual(list(outcome.weights.items()), [(MOOD, 3), (HEART, 2)])
        self.assertFalse(outcome.urgent)

    def test_one_urgent_answer_is_enough(self):
        self.assertTrue(
            evaluate([Answer(HEART, 3, False), Answer(None, 0, True)]).urgent
        )

    def test_who_takes_more_of_the_problem_comes_first(self):
        outcome = Outcome(False, {MOOD: 3, NERVES: 1})
        found = rank(
            outcome,
            [
                candidate(10, {NERVES}),
                candidate(11, {MOOD, NERVES}),
                candidate(12, {MOOD}),
            ],
        )
        self.assertEqual(found, [11, 12, 10])

    def test_who_refuses_the_main_problem_is_left_out(self):
        outcome = Outcome(False, {MOOD: 3, NERVES: 1})
        self.assertEqual(rank(outcome, [candidate(10, {NERVES}, {MOOD})]), [])

    def test_nobody_fits_a_problem_that_nobody_takes(self):
        self.assertEqual(rank(Outcome(False, {HEART: 3}), [candidate(10, {MOOD})]), [])
        self.assertEqual(rank(Outcome(False, {}), [candidate(10, {MOOD})]), [])
