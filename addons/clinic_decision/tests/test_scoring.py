import math
import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..tools.score_training import (
    BadFileError,
    Row,
    TooLittleHistoryError,
    fit,
    get_bins,
    measure,
    read_csv,
    split,
    train,
)
from ..tools.scoring import (
    COLUMNS,
    FEATURES,
    NO_SHOW_CARD,
    auc_error,
    features_of,
    get_weights,
    interpolate,
    ranks,
    reasons,
    score,
    sigmoid,
)

START = datetime(2024, 1, 1)
FACT = {
    "visits_before": 3,
    "missed_before": 1,
    "last_missed": True,
    "days_since": 30,
    "lead_days": 10,
    "weekday": "2",
    "hour": 18,
    "first_visit": False,
    "new_patient": False,
    "telemedicine": False,
    "age": 25,
    "standing": False,
    "reachable": True,
    "prepaid": False,
    "price": 1500.0,
    "debt": 0.0,
    "overdue_days": 0,
}


def make_rows(count, signal, seed=7):
    """Visits whose outcome follows ``signal`` (None: nothing) of their features."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        features = {name: chance.gauss(0, 1) for name in FEATURES}
        p = sigmoid(signal(features)) if signal else 0.2
        rows.append(
            Row(
                START + timedelta(hours=number),
                features,
                int(chance.random() < p),
                chance.random() < 0.2,
            )
        )
    return rows


@tagged("post_install", "-at_install")
class TestMeasures(BaseCase):
    def test_measures_of_known_cases(self):
        for labels, chances, expected in (
            ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 1.0),
            ([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], 0.0),
            ([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], 0.5),
            ([0, 1, 1], [0.3, 0.3, 0.9], 0.75),
        ):
            self.assertAlmostEqual(measure(labels, chances)["auc"], expected)
        measures = measure([1, 0], [0.8, 0.4])
        self.assertAlmostEqual(measures["brier"], (0.04 + 0.16) / 2)
        self.assertAlmostEqual(measure([1, 0], [0.5, 0.5])["log_loss"], math.log(2))
        self.assertTrue(math.isfinite(measure([1, 0], [0.0, 0.0])["log_loss"]))

    def test_a_curve_has_ten_equal_parts(self):
        bins = get_bins([0, 1] * 50, [n / 100 for n in range(100)])
        self.assertEqual([share for _mean, share in bins], [0.5] * 10)
        self.assertEqual(len(bins), 10)

    def test_between_points_lies_a_line_and_outside_the_nearest(self):
        xs, ys = [0.2, 0.4], [0.1, 0.5]
        self.assertAlmostEqual(interpolate(xs, ys, 0.3), 0.3)
        self.assertEqual(interpolate(xs, ys, 0.0), 0.1)
        self.assertEqual(interpolate(xs, ys, 1.0), 0.5)

    def test_one_missed_visit_of_one_is_not_always(self):
        once = features_of(FACT | {"visits_before": 0, "missed_before": 1})
        self.assertAlmostEqual(once["missed_share"], 1.5 / 6)

    def test_fixed_points_tell_the_good_from_the_bad(self):
        bad = FACT | {"missed_before": 4, "lead_days": 60}
        good = FACT | {"missed_before": 0, "last_missed": False, "prepaid": True}
        chances = [score(NO_SHOW_CARD, features_of(fact)) for fact in (good, bad)]
        self.assertLess(chances[0], 0.1)
        self.assertGreater(chances[1], 0.4)

    def test_reasons_name_what_moved_it_most(self):
        names = [name for name, _ in reasons(NO_SHOW_CARD, features_of(FACT))]
        self.assertEqual(names[0], "missed_share")

    def test_a_feature_of_another_module_counts_as_long_as_it_is_there(self):
        more = {"far": lambda fact: fact["distance"] > 100}
        near, far = (
            features_of(FACT | {"distance": distance}, more) for distance in (5, 500)
        )
        learned = {
            "features": [*FEATURES, "far"],
            "intercept": -1.0,
            "coefficients": [0.0] * len(FEATURES) + [2.0],
            "mean": [0.0] * len(FEATURES) + [0.5],
            "scale": [1.0] * (len(FEATURES) + 1),
        }
        self.assertEqual(score(learned, far), sigmoid(0.0))
        self.assertEqual(score(learned, near), sigmoid(-2.0))
        self.assertEqual(reasons(learned, far), [("far", 1.0)])
        self.assertEqual(score(learned, features_of(FACT)), sigmoid(-1.0), "gone")
        self.assertEqual(score(NO_SHOW_CARD, far), score(NO_SHOW_CARD, near))


@tagged("post_install", "-at_install")
class TestTraining(BaseCase):
    def test_noise_is_not_taken_for_a_signal(self):
        _params, report = train(make_rows(4000, None))
        self.assertAlmostEqual(report["score"]["auc"], 0.5, delta=0.06)
        self.assertFalse(report["beats"])

    def test_a_score_that_ranks_like_chance_is_not_better(self):
        error = auc_error(0.506, 200, 1000)
        self.assertAlmostEqual(error, 0.0223, places=3)
        self.assertFalse(ranks(0.506, error))
        self.assertTrue(ranks(0.56, error))

    def test_the_guesses_know_the_rate_of_the_part_that_calibrates(self):
        rows = make_rows(1000, None)
        turned = [
            Row(row.moment, row.features, int(number % 2), row.earlier)
            if 600 <= number < 800
            else row
            for number, row in enumerate(rows)
        ]
        self.assertAlmostEqual(train(turned)[1]["baseline_rate"], 0.5)

    def test_a_planted_signal_is_found_and_the_chances_are_true(self):
        rows = make_rows(5000, lambda x: 1.5 * x["missed_share"] + x["lead"] - 1.5)
        params, report = train(rows)
        self.assertGreater(report["score"]["auc"], 0.8)
        self.assertTrue(report["beats"])
        weights = get_weights(params)
        strongest = sorted(weights, key=lambda name: -abs(weights[name]))[:2]
        self.assertEqual(strongest, ["missed_share", "lead"])
        size = report["unseen"] / 10
        for mean, share in report["bins"]:
            self.assertAlmostEqual(mean, share, delta=3.5 * math.sqrt(0.25 / size))

    def test_the_scorer_says_what_scikit_learn_says(self):
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler

        rows = make_rows(600, lambda x: x["visits"] - x["last_missed"])
        matrix = [list(row.features.values()) for row in rows]
        scaler = StandardScaler().fit(matrix)
        model = LogisticRegression(max_iter=1000).fit(
            scaler.transform(matrix), [row.label for row in rows]
        )
        params = fit(rows)
        theirs = model.predict_proba(scaler.transform(matrix))[:, 1]
        for row, expected in zip(rows, theirs):
            self.assertAlmostEqual(score(params, row.features), expected, places=9)

    def test_the_newest_fifth_is_never_learned_from(self):
        rows = make_rows(1000, lambda x: 2 * x["visits"])
        turned = [
            Row(row.moment, row.features, 1 - row.label, row.earlier)
            if number >= 800
            else row
            for number, row in enumerate(rows)
        ]
        self.assertEqual(train(rows)[0], train(turned)[0])
        self.assertEqual(len(split(rows)[2]), 200)

    def test_a_short_history_is_said(self):
        for rows in (make_rows(100, None), make_rows(2000, lambda _x: -20)):
            with self.assertRaises(TooLittleHistoryError):
                train(rows)

    def test_a_file_is_read_as_documented_and_errors_name_their_place(self):
        head = ",".join(("moment", *COLUMNS, "label"))
        line = ",".join(("2025-01-01 10:00", *(str(v) for v in FACT.values()), "yes"))
        [row] = read_csv([head, line], "no_show")
        self.assertEqual(row.features, features_of(FACT))
        self.assertEqual((row.label, row.earlier), (1, True))
        with self.assertRaises(BadFileError) as caught:
            read_csv([head, line, line.replace(",30,", ",soon,")], "no_show")
        self.assertEqual(
            (caught.exception.line, caught.exception.column), (3, "days_since")
        )
        with self.assertRaises(BadFileError):
            read_csv(["moment,label", "2025-01-01,1"], "no_show")
