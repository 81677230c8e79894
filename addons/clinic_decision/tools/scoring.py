"""Probabilities from plain coefficients, and whether they beat simple guesses.

A score is a logistic regression over facts about a visit, none of them medical:

    z = intercept + sum(coefficient * (x - mean) / scale)
    probability = calibration(z)

Its parameters are a dict of numbers, so that scoring needs no library and anybody can
read why a visit got what it got.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# Until a patient has come often, the share of missed visits leans on this many visits
# with this share: one missed visit of one is not "misses always".
PRIOR_VISITS = 5
PRIOR_SHARE = 0.1

# Facts that a score is made of, as they stand in a file: with their form.
COLUMNS: dict[str, type] = {
    "visits_before": int,
    "missed_before": int,
    "last_missed": bool,
    "days_since": int,
    "lead_days": int,
    "weekday": int,
    "hour": int,
    "first_visit": bool,
    "new_patient": bool,
    "telemedicine": bool,
    "age": int,
    "standing": bool,
    "reachable": bool,
    "prepaid": bool,
    "price": float,
    "debt": float,
    "overdue_days": int,
}
FEATURES = (
    "visits",
    "missed_share",
    "last_missed",
    "days_since",
    "lead",
    "weekend",
    "early",
    "late",
    "first_visit",
    "new_patient",
    "telemedicine",
    "child",
    "young",
    "senior",
    "standing",
    "unreachable",
    "prepaid",
    "price",
    "debt",
    "overdue_days",
)


# Makes a number of the facts of a visit.
Reader = Callable[[Mapping[str, Any]], float]


def features_of(
    fact: Mapping[str, Any], more: Mapping[str, Reader] | None = None
) -> dict[str, float]:
    """``FEATURES`` by name, from the facts of one visit (``COLUMNS``).

    Counts, days and sums grow by their logarithm: from 1 to 10 days is as much as from
    10 to 100.

    :param more: how features of other modules are read
    """
    came, missed = fact["visits_before"], fact["missed_before"]
    age, hour = fact["age"], fact["hour"]
    share = (missed + PRIOR_VISITS * PRIOR_SHARE) / (came + missed + PRIOR_VISITS)
    numbers = (
        math.log1p(came),
        share,
        fact["last_missed"],
        math.log1p(max(fact["days_since"], 0)),
        math.log1p(max(fact["lead_days"], 0)),
        int(fact["weekday"]) >= 6,
        hour < 10,
        hour >= 17,
        fact["first_visit"],
        fact["new_patient"],
        fact["telemedicine"],
        0 < age < 18,
        18 <= age < 30,
        age >= 60,
        fact["standing"],
        not fact["reachable"],
        fact["prepaid"],
        math.log1p(max(fact["price"], 0.0)),
        math.log1p(max(fact["debt"], 0.0)),
        math.log1p(max(fact["overdue_days"], 0)),
    )
    features = dict(zip(FEATURES, map(float, numbers), strict=True))
    return features | {name: float(read(fact)) for name, read in (more or {}).items()}


def score(params: Mapping[str, Any], features: Mapping[str, float]) -> float:
    """Probability, from 0 to 1."""
    return calibrate(params.get("calibration"), get_z(params, features))


def get_z(params: Mapping[str, Any], features: Mapping[str, float]) -> float:
    """What the probability is calibrated from."""
    return params["intercept"] + sum(contributions(params, features).values())


def get_weights(params: Mapping[str, Any]) -> dict[str, float]:
    """Coefficients by feature; ``FEATURES`` where ``params`` do not name theirs."""
    return dict(zip(params.get("features", FEATURES), params["coefficients"]))


def contributions(
    params: Mapping[str, Any], features: Mapping[str, float]
) -> dict[str, float]:
    """What each feature adds to ``z``; nothing where its module is gone."""
    return {
        name: coefficient * (features.get(name, mean) - mean) / scale
        for (name, coefficient), mean, scale in zip(
            get_weights(params).items(), params["mean"], params["scale"]
        )
    }


def reasons(
    params: Mapping[str, Any], features: Mapping[str, float], count: int = 3
) -> list[tuple[str, float]]:
    """The features that moved ``z`` most, with what they added; the most first."""
    added = contributions(params, features).items()
    some = sorted(added, key=lambda pair: -abs(pair[1]))[:count]
    return [(name, round(value, 3)) for name, value in some if abs(value) > 0.05]


def calibrate(calibration: Mapping[str, Any] | None, z: float) -> float:
    """Probability of ``z``: by Platt's line, by isotonic steps, or as it is."""
    if not calibration:
        return sigmoid(z)
    if calibration["kind"] == "platt":
        return sigmoid(calibration["a"] * z + calibration["b"])
    return interpolate(calibration["x"], calibration["y"], sigmoid(z))


def sigmoid(z: float) -> float:
    """1 / (1 + e^-z), without overflow."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    power = math.exp(z)
    return power / (1 + power)


def interpolate(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    """On the line through the points; outside of them, the value of the nearest."""
    if x <= xs[0]:
        return ys[0]
    if x >= xs[-1]:
        return ys[-1]
    place = bisect.bisect_right(xs, x)
    left, right = xs[place - 1], xs[place]
    part = (x - left) / (right - left)
    return ys[place - 1] + part * (ys[place] - ys[place - 1])


# === HOW GOOD === #


def beats(
    labels: Sequence[int], chances: Sequence[float], baseline: Sequence[float]
) -> bool:
    """Whether the square errors are smaller by more than chance would make them.

    By more than two standard errors of the paired differences.
    """
    gains = [
        (base - y) ** 2 - (p - y) ** 2 for y, p, base in zip(labels, chances, baseline)
    ]
    mean = sum(gains) / len(gains)
    variance = sum((gain - mean) ** 2 for gain in gains) / max(len(gains) - 1, 1)
    return mean > 2 * math.sqrt(variance / len(gains))


def auc_error(auc: float, positives: int, negatives: int) -> float:
    """Standard error of an AUC (Hanley and McNeil, Radiology 143, 1982)."""
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = (
        auc * (1 - auc)
        + (positives - 1) * (first - auc**2)
        + (negatives - 1) * (second - auc**2)
    ) / (positives * negatives)
    return math.sqrt(max(variance, 0.0))


def ranks(auc: float, error: float) -> bool:
    """Whether an AUC is above that of chance by more than two standard errors."""
    return auc - 0.5 > 2 * error


# === SCORECARDS === #


def scorecard(intercept: float, points: Mapping[str, float]) -> dict[str, Any]:
    """Parameters with fixed points, for as long as there is too little history."""
    return {
        "intercept": intercept,
        "coefficients": [points.get(name, 0.0) for name in FEATURES],
        "mean": [0.0] * len(FEATURES),
        "scale": [1.0] * len(FEATURES),
        "calibration": None,
    }


# Set by hand, not measured: who has missed visits, is new, is young, or has booked long
# ahead comes less often; who comes every week or has paid comes more often. An ordinary
# known patient is at about 4 %.
NO_SHOW_CARD = scorecard(
    -3.8,
    {
        "missed_share": 5.0,
        "last_missed": 0.6,
        "lead": 0.2,
        "new_patient": 0.4,
        "young": 0.3,
        "senior": -0.3,
        "standing": -0.5,
        "telemedicine": -0.2,
        "unreachable": 0.4,
        "prepaid": -1.0,
        "overdue_days": 0.1,
    },
)
# Who owes already, or is new, leaves a visit unpaid more often; a paid visit is paid.
UNPAID_CARD = scorecard(
    -3.0,
    {
        "overdue_days": 0.5,
        "debt": 0.05,
        "missed_share": 2.0,
        "new_patient": 0.4,
        "first_visit": 0.2,
        "standing": -0.4,
        "unreachable": 0.4,
        "prepaid": -4.0,
    },
)
SCORECARDS = {"no_show": NO_SHOW_CARD, "unpaid": UNPAID_CARD}
