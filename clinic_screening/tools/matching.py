"""From answers to specialists: problem categories by weight, specialists by fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class Answer(NamedTuple):
    """A chosen option: what problem it points to, how strongly, and whether it is a
    reason to call an ambulance instead of booking."""

    category: int | None
    weight: int
    urgent: bool


class Candidate(NamedTuple):
    """A specialist with the problem categories that they take and refuse."""

    specialist: int
    takes: frozenset[int]
    refuses: frozenset[int]


class Outcome(NamedTuple):
    """Categories, strongest first, with their weights."""

    urgent: bool
    weights: Mapping[int, int]


def evaluate(answers: Iterable[Answer]) -> Outcome:
    """Add the weights of ``answers`` up by category.

    Equal weights keep the order in which the categories were first named.
    """
    answers = list(answers)
    weights: Counter[int] = Counter()
    for answer in answers:
        if answer.category is not None and answer.weight > 0:
            weights[answer.category] += answer.weight
    return Outcome(
        any(answer.urgent for answer in answers), dict(weights.most_common())
    )


def rank(outcome: Outcome, candidates: Sequence[Candidate]) -> list[int]:
    """Specialists who take at least one of the problems, best fit first.

    Whoever refuses a problem that weighs as much as the strongest one is left out.
    """
    strongest = max(outcome.weights.values(), default=0)
    main = {
        category for category, weight in outcome.weights.items() if weight == strongest
    }
    scores = {
        candidate.specialist: sum(
            weight
            for category, weight in outcome.weights.items()
            if category in candidate.takes - candidate.refuses
        )
        for candidate in candidates
        if not main & candidate.refuses
    }
    return sorted((s for s, score in scores.items() if score), key=lambda s: -scores[s])
