"""What counts as a reason that somebody typed, in any language."""

from __future__ import annotations

import re
from itertools import pairwise

MIN_LETTERS = 6
MIN_DIFFERENT = 4
# Letters as they lie side by side, on the keyboards that clinics here have.
KEY_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
)
# Keys that one hand reaches without moving.
REACH = 2
_WORD = re.compile(r"[^\W\d_]+")


def says_why(reason: str) -> bool:
    """Whether a reason is more than a press of keys: letters, not always the same, and
    not merely those that lie side by side.

    One word can be enough ("инсульт"); what it is worth is for the chief to say.
    """
    words = _WORD.findall(reason.casefold())
    letters = "".join(words)
    return (
        len(letters) >= MIN_LETTERS
        and len(set(letters)) >= MIN_DIFFERENT
        and not all(_lies_side_by_side(word) for word in words)
    )


def _lies_side_by_side(word: str) -> bool:
    return any(
        set(word) <= set(row)
        and all(abs(row.index(a) - row.index(b)) <= REACH for a, b in pairwise(word))
        for row in KEY_ROWS
    )
