"""Names of persons in the Russian order: family name, first name, patronymic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .letters import clean, fold

# As long as the longest names of documents; more is no name.
MAX_NAME = 250
NAME_PARTS = ("last_name", "first_name", "middle_name")
BLANK, TOO_LONG = "blank", "long"
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# Words that belong to the family name behind them.
PARTICLES = frozenset(
    "ван фон дер ден де дель делла да дос ди дю ла ле лос тер цу аль эль бен ибн"
    " абу мак van von der den de del della da dos di du la le los ter zu al el bin ibn"
    " abu mac".split()
)


class NameParts(NamedTuple):
    last_name: str
    first_name: str
    middle_name: str


def join_name(
    last_name: str | None, first_name: str | None, middle_name: str | None
) -> str:
    """One line in the order of documents; empty parts and what nobody sees go."""
    return clean(" ".join(filter(None, (last_name, first_name, middle_name))))


def split_name(name: str, last_name: str | None = None) -> NameParts:
    """Parts of a full name; what follows the first name is the patronymic.

    A single word is taken for the family name. A comma ends the family name, particles
    begin one, brackets hold an earlier one.

    :param last_name: the family name so far: it may have several words

    >>> split_name("Ван Дер Берг Анна")
    NameParts(last_name='Ван Дер Берг', first_name='Анна', middle_name='')
    >>> split_name("Иванова (Петрова) Мария Ильинична").last_name
    'Иванова (Петрова)'
    >>> split_name("Алиев Расул Гасан оглы").middle_name
    'Гасан оглы'
    >>> split_name("Гарсия Маркес Габриэль", "Гарсия Маркес").first_name
    'Габриэль'
    """
    name = clean(name)
    family, comma, given = name.partition(",")
    if comma and family.strip() and given.strip():
        words, count = given.split(), 0
        family = family.strip()
    else:
        words = name.split()
        count = _count_family_words(words, clean(last_name).split())
        family = " ".join(words[:count]).rstrip(",")
    first, *rest = words[count:] or [""]
    return NameParts(family, first, " ".join(rest))


def combine_name(
    given: Sequence[str | None], whole: str | None
) -> tuple[NameParts, str]:
    """Parts of a name that columns of their own say in part, and another column as a
    whole or for the rest; and what contradicts the parts and is left out.

    >>> combine_name(("Серова", "", ""), "Анна Петровна")[0]
    NameParts(last_name='Серова', first_name='Анна', middle_name='Петровна')
    >>> combine_name(("Серова", "Анна", ""), "Анна Петровна Серова")[0].middle_name
    'Петровна'
    >>> combine_name(("Серова", "Анна", ""), "Петрова Ольга")[1]
    'Петрова Ольга'

    :param given: family name, first name, patronymic
    """
    last, first, middle = map(clean, given)
    words = clean(whole).replace(",", " ").split()
    known = set(fold(join_name(last, first, middle)).split())
    rest = [word for word in words if fold(word) not in known]
    shared = len(words) - len(rest)
    if last and not first and rest:
        first, *rest = rest
        shared = True
    elif not last and not shared:
        last, rest = " ".join(rest), []
    elif not last:
        place = next(n for n, word in enumerate(words) if fold(word) in known)
        family = words[:place] or rest[-1:]
        last, rest = " ".join(family), [word for word in rest if word not in family]
    if shared and not middle:
        middle, rest = " ".join(rest), []
    return NameParts(last, first, middle), " ".join(rest)


def _count_family_words(words: list[str], known: list[str]) -> int:
    """How many of ``words`` are the family name, which is ``known`` to be so far."""
    if known and len(known) < len(words):
        if [fold(word) for word in words[: len(known)]] == [fold(w) for w in known]:
            return len(known)
    count = 1
    while count < len(words) and (
        words[count - 1].lower() in PARTICLES or words[count].startswith("(")
    ):
        count += 1
    # Somebody is called so, and has no other name.
    return count if count < len(words) or count == 1 else 1


def fits_name(text: str | None, name: str) -> bool:
    """Whether ``text``, written beside the number of a card, is the ``name`` on it: all
    its words are the name's, or their first letters. No word says nothing.

    >>> fits_name("Серова А. П.", "Серова Анна Петровна")
    True
    >>> fits_name("Серова Ольга", "Серова Анна Петровна")
    False
    """
    said = _WORD.findall(fold(re.sub(r"\(.*?\)", " ", text or "")))
    known = _WORD.findall(fold(name))
    known += [part for word in known for part in word.split("-")]
    return all(
        word in known or (len(word) == 1 and any(n.startswith(word) for n in known))
        for word in said
    )


def check_name(name: str | None) -> str:
    """``name`` without what nobody sees.

    :raises ValueError: ``BLANK`` without a single letter, ``TOO_LONG``
    """
    name = clean(name)
    if not any(map(str.isalpha, name)):
        raise ValueError(BLANK)
    if len(name) > MAX_NAME:
        raise ValueError(TOO_LONG)
    return name


def initials(name: str) -> str:
    """First letters with dots, as a public screen may show them: «И. М. П.»"""
    return " ".join(f"{word[0].upper()}." for word in name.split())
