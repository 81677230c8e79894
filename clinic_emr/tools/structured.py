"""Structured templates: what a definition asks, what answers are, what they score.

A definition is what a version of a template keeps, as JSON::

    {"sections": [{"key", "title", "fields": [{"key", "label", "kind", "hint",
      "required", "unit", "low", "high",               # number, scale
      "low_label", "high_label",                       # scale
      "options": [{"key", "label", "points"}],         # choice
      "bands": [{"low", "high", "label", "level"}],    # score
      "observation"}]}]}                               # score: type of observation

Answers are one object ``{field key: value}``: a text, a number, the key of an option, a
whole number of a scale. A score is never stored: it is the sum of the points of the
choices and scales of its section. Keys are unique among all templates, so that answers
to another template may lie in the same object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Field = dict[str, Any]
Answers = dict[str, Any]

LONGEST_TEXT = 20_000
LEVELS = ("normal", "attention", "alarm")


class AnswerError(ValueError):
    """An answer does not fit its field; the text is the field's label."""


class Score(NamedTuple):
    """``band`` is None while answers are missing: half a scale means nothing."""

    points: float
    answered: int
    asked: int
    band: dict[str, Any] | None

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked > 0


def iter_fields(definition: dict[str, Any] | None) -> Iterator[Field]:
    """Every field of ``definition``, in its order."""
    for section in (definition or {}).get("sections", ()):
        yield from section["fields"]


def check_answers(definition: dict[str, Any] | None, answers: Answers) -> None:
    """Raise AnswerError at the first answer that its field does not take."""
    for field in iter_fields(definition):
        value = answers.get(field["key"])
        if value not in (None, "", False) and not _fits(field, value):
            raise AnswerError(field["label"])


def keep_asked(definition: dict[str, Any] | None, answers: Answers) -> Answers:
    """The answers that ``definition`` asks for, without empty ones."""
    asked = [field["key"] for field in iter_fields(definition)]
    return {key: answers[key] for key in asked if not is_empty(answers.get(key))}


def missing_labels(definition: dict[str, Any] | None, answers: Answers) -> list[str]:
    """Labels of required fields without an answer."""
    return [
        field["label"]
        for field in iter_fields(definition)
        if field.get("required") and is_empty(answers.get(field["key"]))
    ]


def is_empty(value: Any) -> bool:
    """Nothing answered; zero is an answer."""
    return value is None or value is False or value == ""


def _fits(field: Field, value: Any) -> bool:
    kind = field["kind"]
    if kind == "text":
        return isinstance(value, str) and len(value) <= LONGEST_TEXT
    if kind == "choice":
        return value in [option["key"] for option in field["options"]]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if kind == "number":
        return True
    return (
        kind == "scale"
        and value == int(value)
        and field["low"] <= value <= field["high"]
    )


def points_of(field: Field, value: Any) -> float | None:
    """Points of one answer; None where it has none."""
    if is_empty(value):
        return None
    if field["kind"] == "scale":
        return value
    for option in field.get("options") or ():
        if option["key"] == value:
            return option["points"]
    return None


def score_of(section: dict[str, Any], score: Field, answers: Answers) -> Score:
    """Sum over the choices and scales of ``section``, read by ``score``'s bands."""
    asked = [f for f in section["fields"] if f["kind"] in ("choice", "scale")]
    points = [points_of(field, answers.get(field["key"])) for field in asked]
    given = [value for value in points if value is not None]
    total = sum(given)
    band = None
    if given and len(given) == len(asked):
        bands = score.get("bands") or ()
        band = next((b for b in bands if b["low"] <= total <= b["high"]), None)
    return Score(total, len(given), len(asked), band)


def iter_scores(
    definition: dict[str, Any] | None, answers: Answers
) -> Iterator[tuple[Field, Score]]:
    """Every score field with its score."""
    for section in (definition or {}).get("sections", ()):
        for field in section["fields"]:
            if field["kind"] == "score":
                yield field, score_of(section, field, answers)


def flag_of(value: float, low: float | None, high: float | None) -> str:
    """``low``, ``high`` or ``normal``; a bound that is None is open."""
    if low is not None and value < low:
        return "low"
    if high is not None and value > high:
        return "high"
    return "normal"


def render(
    definition: dict[str, Any] | None,
    answers: Answers,
    format_number: Callable[[float], str],
) -> list[dict[str, Any]]:
    """Sections with what was answered, for print: ``{title, rows}``.

    A row is ``{label, text, note, flag}``; flag is low, high, a level of a band or "".
    """
    sections = []
    for section in (definition or {}).get("sections", ()):
        rows = [
            row
            for field in section["fields"]
            if (row := _render_row(section, field, answers, format_number))
        ]
        if rows:
            sections.append({"title": section["title"], "rows": rows})
    return sections


def _render_row(section, field, answers, format_number):
    row = {"label": field["label"], "note": "", "flag": ""}
    if field["kind"] == "score":
        score = score_of(section, field, answers)
        if not score.answered:
            return None
        row["text"] = format_number(score.points)
        if score.band:
            row |= {"note": score.band["label"], "flag": score.band["level"]}
        elif not score.is_complete:
            row["note"] = f"{score.answered}/{score.asked}"
        return row
    value = answers.get(field["key"])
    if is_empty(value):
        return None
    if field["kind"] == "choice":
        labels = {option["key"]: option["label"] for option in field["options"]}
        row["text"] = labels.get(value, "")
    elif field["kind"] == "text":
        row["text"] = value
    else:
        unit = field.get("unit") or ""
        row["text"] = f"{format_number(value)} {unit}".strip()
        if field["kind"] == "number":
            flag = flag_of(value, field.get("low"), field.get("high"))
            row["flag"] = "" if flag == "normal" else flag
    return row
