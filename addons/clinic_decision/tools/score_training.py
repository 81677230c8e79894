"""Training of a score on what happened, and an honest report on what it never saw.

By time: the oldest 60 % are learned from, the next 20 % calibrate, the newest 20 % are
only ever used to say how good the result is. scikit-learn is imported when something is
trained; scoring does without it, and a server without it learns nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.util import find_spec
from typing import Any

from odoo.addons.clinic_base.tools.uploads import take

from .scoring import (
    COLUMNS,
    Reader,
    auc_error,
    beats,
    calibrate,
    features_of,
    get_weights,
    get_z,
    ranks,
)

LEARNED, CALIBRATED = 0.6, 0.8
MIN_ROWS = 500
# Of a file; years of a large network.
MAX_ROWS = 500_000
# No fact of a visit is larger.
HIGHEST = 1e12
MIN_POSITIVES = 30
TRUE_WORDS = {"1", "true", "yes", "да"}


class TooLittleHistoryError(ValueError):
    """There are too few visits, or too few of them went wrong, to learn from."""


class BadFileError(ValueError):
    """A file cannot be read; ``line`` and ``column`` say where."""

    def __init__(self, line: int, column: str) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Row:
    """One past visit: when it was scored, its features, whether it went wrong.

    ``earlier`` is the simple guess that the score has to beat: whether it went wrong
    the time before.
    """

    moment: datetime
    features: Mapping[str, float]
    label: int
    earlier: bool


def can_train() -> bool:
    """Whether the library that learns is installed."""
    return find_spec("sklearn") is not None


def row_of(
    moment: datetime,
    fact: dict[str, Any],
    label: bool,
    kind: str,
    more: Mapping[str, Reader] | None = None,
) -> Row:
    """Row from the facts of a visit as of ``moment``.

    :param kind: ``no_show`` or ``unpaid``
    :param more: how features of other modules are read
    """
    earlier = fact["last_missed"] if kind == "no_show" else fact["overdue_days"] > 0
    return Row(moment, features_of(fact, more), int(label), bool(earlier))


def read_csv(lines: Iterable[str], kind: str) -> list[Row]:
    """Rows of a file with the columns ``moment`` (ISO 8601), ``COLUMNS``, ``label``.

    :raises BadFileError: where a column is missing or a value cannot be read
    :raises TooLargeError: more rows than ``MAX_ROWS``
    """
    reader = csv.DictReader(lines)
    try:
        for column in ("moment", *COLUMNS, "label"):
            if column not in (reader.fieldnames or ()):
                raise BadFileError(1, column)
        rows = take(reader, MAX_ROWS)
        return [_parse(number, raw, kind) for number, raw in enumerate(rows, start=2)]
    except csv.Error as error:
        raise BadFileError(reader.line_num + 1, "") from error


def _parse(number: int, raw: dict[str, str], kind: str) -> Row:
    fact: dict[str, Any] = {}
    column = "moment"
    try:
        moment = datetime.fromisoformat(raw["moment"].strip())
        if moment.tzinfo:  # others are UTC already
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        for column, form in COLUMNS.items():
            text = raw[column].strip()
            fact[column] = text.lower() in TRUE_WORDS if form is bool else form(text)
            if abs(fact[column]) > HIGHEST or fact[column] != fact[column]:
                raise ValueError(column)
        column = "label"
        label = raw["label"].strip().lower() in TRUE_WORDS
    except (AttributeError, ValueError, OverflowError) as error:
        raise BadFileError(number, column) from error
    return row_of(moment, fact, label, kind)


def train(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(parameters for :func:`~.scoring.score`, report).

    :raises TooLittleHistoryError: see ``MIN_ROWS`` and ``MIN_POSITIVES``
    """
    rows = sorted(rows, key=lambda row: row.moment)
    learned, calibrating, unseen = split(rows)
    for part, least in ((learned, MIN_POSITIVES), (calibrating, 5), (unseen, 5)):
        positives = sum(row.label for row in part)
        if len(rows) < MIN_ROWS or not least <= positives < len(part):
            raise TooLittleHistoryError(len(rows), sum(row.label for row in rows))
    params = fit(learned)
    params["calibration"] = fit_calibration(params, calibrating)
    return params, report(params, learned, calibrating, unseen)


def split(rows: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """What is learned from, what calibrates, and the newest, which stays unseen."""
    first, second = int(len(rows) * LEARNED), int(len(rows) * CALIBRATED)
    return rows[:first], rows[first:second], rows[second:]


def fit(rows: Sequence[Row]) -> dict[str, Any]:
    """Coefficients of a regularized logistic regression, uncalibrated."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    names = list(rows[0].features)
    matrix = [[row.features[name] for name in names] for row in rows]
    scaler = StandardScaler().fit(matrix)
    model = LogisticRegression(max_iter=1000).fit(
        scaler.transform(matrix), [row.label for row in rows]
    )
    return {
        "features": names,
        "intercept": float(model.intercept_[0]),
        "coefficients": [float(number) for number in model.coef_[0]],
        "mean": [float(number) for number in scaler.mean_],
        "scale": [float(number) for number in scaler.scale_],
        "calibration": None,
    }


def fit_calibration(
    params: dict[str, Any], rows: Sequence[Row]
) -> dict[str, Any] | None:
    """The better of Platt's line, isotonic steps and nothing.

    Fitted on every other row and compared on the rest, then fitted on all.
    """
    from sklearn.metrics import log_loss

    chosen, least = None, None
    for method in (None, _fit_platt, _fit_isotonic):
        calibration = method and method(_get_z(params, rows[::2]), rows[::2])
        loss = log_loss(
            [row.label for row in rows[1::2]],
            [calibrate(calibration, z) for z in _get_z(params, rows[1::2])],
            labels=[0, 1],
        )
        if least is None or loss < least:
            chosen, least = method, loss
    return chosen and chosen(_get_z(params, rows), rows)


def _get_z(params: dict[str, Any], rows: Sequence[Row]) -> list[float]:
    return [get_z(params, row.features) for row in rows]


def _fit_platt(zs: list[float], rows: Sequence[Row]) -> dict[str, Any] | None:
    from sklearn.linear_model import LogisticRegression

    labels = [row.label for row in rows]
    if len(set(labels)) < 2:
        return None
    line = LogisticRegression().fit([[z] for z in zs], labels)
    return {
        "kind": "platt",
        "a": float(line.coef_[0][0]),
        "b": float(line.intercept_[0]),
    }


def _fit_isotonic(zs: list[float], rows: Sequence[Row]) -> dict[str, Any]:
    from sklearn.isotonic import IsotonicRegression

    steps = IsotonicRegression(y_min=0.001, y_max=0.999).fit(
        [calibrate(None, z) for z in zs], [row.label for row in rows]
    )
    return {
        "kind": "isotonic",
        "x": [float(number) for number in steps.X_thresholds_],
        "y": [float(number) for number in steps.y_thresholds_],
    }


def report(
    params: dict[str, Any],
    learned: Sequence[Row],
    calibrating: Sequence[Row],
    unseen: Sequence[Row],
) -> dict[str, Any]:
    """How good the score is on ``unseen``, beside the two simple guesses.

    The guesses know the rates of the part that calibrated the score: they are as fresh
    as the score is. Better is only what beats both of them, and tells who went wrong
    from who did not by more than chance.
    """
    labels = [row.label for row in unseen]
    chances = [calibrate(params["calibration"], z) for z in _get_z(params, unseen)]
    rates = {
        earlier: _rate(
            [row for row in calibrating if row.earlier is earlier], calibrating
        )
        for earlier in (False, True)
    }
    guesses = {
        "rate": [_rate(calibrating, calibrating)] * len(unseen),
        "last": [rates[row.earlier] for row in unseen],
    }
    figures = measure(labels, chances)
    error = auc_error(figures["auc"], sum(labels), len(labels) - sum(labels))
    return {
        "learned": len(learned),
        "learned_rate": _rate(learned, learned),
        "unseen": len(unseen),
        "unseen_rate": _rate(unseen, unseen),
        "unseen_from": unseen[0].moment.isoformat(" ", "seconds"),
        "baseline_rate": _rate(calibrating, calibrating),
        "score": figures,
        "auc_error": error,
        **{name: measure(labels, guess) for name, guess in guesses.items()},
        "bins": get_bins(labels, chances),
        "beats": ranks(figures["auc"], error)
        and all(beats(labels, chances, guess) for guess in guesses.values()),
        "coefficients": get_weights(params),
    }


def measure(labels: Sequence[int], chances: Sequence[float]) -> dict[str, float]:
    """AUC, Brier score and log loss of ``labels`` with both outcomes in them."""
    from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

    return {
        "auc": float(roc_auc_score(labels, chances)),
        "brier": float(brier_score_loss(labels, chances)),
        "log_loss": float(log_loss(labels, chances)),
    }


def get_bins(
    labels: Sequence[int], chances: Sequence[float], count: int = 10
) -> list[tuple[float, float]]:
    """(mean chance, share that happened) of as equal parts as there are."""
    from sklearn.calibration import calibration_curve

    happened, predicted = calibration_curve(
        labels, chances, n_bins=count, strategy="quantile"
    )
    return [(float(mean), float(share)) for mean, share in zip(predicted, happened)]


def _rate(rows: Sequence[Row], otherwise: Sequence[Row]) -> float:
    rows = rows or otherwise
    return sum(row.label for row in rows) / len(rows)
