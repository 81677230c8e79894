"""Why nothing is free: the first sieve in which nothing is left, in words."""

from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Sieves in the order of the search statement; the text for none left after each.
SIEVES = (
    ("givers", _lt("Nobody gives this service.")),
    (
        "suitable",
        _lt(
            "None of the %(givers)s specialists who give this service takes this"
            " patient (age, sex, dates of the service or a refusal)."
        ),
    ),
    (
        "admitted",
        _lt(
            "None of the %(suitable)s suitable specialists takes such visits then:"
            " temporary limits of the specialists are in force."
        ),
    ),
    (
        "working",
        _lt(
            "None of the %(admitted)s suitable specialists has working hours then that"
            " are open to this service, payment source and branch."
        ),
    ),
    ("spacious", _lt("All %(working)s specialists who work then are taken.")),
    (
        "housed",
        _lt("%(spacious)s specialists have time, but no room or device is free then."),
    ),
    (
        "possible",
        _lt(
            "%(spacious)s specialists have time, but not when the patient, the rooms"
            " and the wish allow it."
        ),
    ),
)
TAKEN = {"spacious", "housed", "possible"}


class Reason(NamedTuple):
    """What is left after each sieve, and the first that let none through."""

    counts: dict[str, int]
    sieve: str | None

    @classmethod
    def from_counts(cls, counts: dict[str, int]) -> "Reason":
        """Reason of the counts that the search statement returns."""
        empty = (name for name, _text in SIEVES if not counts[name])
        return cls(counts, next(empty, None))

    @property
    def taken(self) -> bool:
        """Whether the time exists but somebody has it; else a rule forbids it."""
        return self.sieve is None or self.sieve in TAKEN

    def get_text(self, env) -> str:
        """The reason in the user's language."""
        if self.sieve is None:
            return env._("This time has just been taken.")
        text = env._(dict(SIEVES)[self.sieve])
        return text % self.counts
