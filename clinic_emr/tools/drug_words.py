"""Does a drug meet an allergy? Compared word by word, whatever the endings are."""

import re

# Letters; shorter words ("для", "мг") say nothing.
SHORTEST = 4
# Endings of Russian and Latin cases that two forms of one word may differ by.
ENDING = 2


def words_of(text: str) -> set[str]:
    """Words of ``text`` that can name a substance, in lower case, ``ё`` as ``е``."""
    found = re.findall(r"[^\W\d_]+", text.casefold().replace("ё", "е"))
    return {word for word in found if len(word) >= SHORTEST}


def is_same_word(one: str, other: str) -> bool:
    """Whether two words begin alike up to their endings."""
    short, long = sorted((one, other), key=len)
    stem = short[: max(SHORTEST, len(short) - ENDING)]
    return long.startswith(stem) and len(long) - len(stem) <= 2 * ENDING


def shares_word(drug: str, alert: str) -> bool:
    """Whether ``drug`` and the text of an alert name the same thing."""
    named = words_of(alert)
    return any(is_same_word(a, b) for a in words_of(drug) for b in named)
