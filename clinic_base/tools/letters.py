"""Text as people see it: what is invisible goes, what looks alike is alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# One table for Python and SQL, whose lower() depends on the database's collation.
UPPER = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯABCDEFGHIJKLMNOPQRSTUVWXYZё"
LOWER = "абвгдеежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzе"
_FOLD = str.maketrans(UPPER, LOWER)

# Letters of both alphabets that are drawn alike, in capitals or small.
LATIN = "abcehkmoptxy"
CYRILLIC = "авсенкмортху"
_TO_CYRILLIC = str.maketrans(LATIN, CYRILLIC)
_TO_LATIN = str.maketrans(CYRILLIC, LATIN)
_ALIKE = frozenset(LATIN + CYRILLIC)

_DASHES = "‐‑‒–—―−⁃﹘﹣－"
_APOSTROPHES = "’‘ʼʹ`´＇"
_SIGNS = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_APOSTROPHES, "'")}
    | dict.fromkeys(",;", " ")
)
# Nothing of these is ever invisible or composed of several characters.
_PLAIN = re.compile(r"[A-Za-zА-Яа-яЁё0-9 .,;:()/+@_№'\"-]*")
_USUAL = re.compile(r"[А-Яа-яЁё0-9]+(?:[ -][А-Яа-яЁё0-9]+)*")
_RUN = re.compile(r"[^\W\d_]+")
_BLANKS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0"
)


def clean(text: str | None) -> str:
    """``text`` composed (NFC), in single spaces, without what nobody sees.

    Soft hyphens, zero-width marks, control characters and letters without a shape go
    (Unicode: UAX 15, Default_Ignorable_Code_Point).

    >>> clean(" Мягко\\u00adпе\\u200bренова\\u00a0 Анна ")
    'Мягкоперенова Анна'
    """
    text = text or ""
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFC", text)
        text = "".join(sign for sign in text if sign.isspace() or _is_seen(sign))
    return " ".join(text.split())


def _is_seen(sign: str) -> bool:
    if sign in _BLANKS or "\ufe00" <= sign <= "\ufe0f" or sign >= "\U000e0100":
        return False
    return unicodedata.category(sign) not in ("Cf", "Cc", "Cs", "Cn", "Co")


@lru_cache(maxsize=1 << 14)
def fold(text: str | None) -> str:
    """As names are searched and compared: lower case, ё as е, no accents, one kind of
    dash, every word in one alphabet.

    A word of letters that both alphabets have is taken for Cyrillic.

    >>> fold(" ЁЖ  Ëлкин - Пeтров ")
    'еж елкин-петров'
    >>> fold("Müller") == fold("Muller"), fold("Соловьёв") == fold("Cоловьев")
    (True, True)
    """
    text = clean(text)
    if _USUAL.fullmatch(text):
        return text.translate(_FOLD)
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS))
    text = _drop_accents(text.translate(_FOLD).casefold())
    text = re.sub(r"\s*-\s*", "-", _RUN.sub(_unify, text))
    return " ".join(text.split())


def _drop_accents(text: str) -> str:
    """Letters without their marks, but for й, which is a letter of its own."""
    kept: list[str] = []
    for sign in unicodedata.normalize("NFD", text):
        short_i = sign == "\u0306" and kept and kept[-1] == "и"
        if short_i or not unicodedata.combining(sign):
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def _unify(run: re.Match) -> str:
    word = run[0]
    own = set(word) - _ALIKE
    if own and all(sign < "\u0400" for sign in own):
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)


def spellings(word: str) -> tuple[str, ...]:
    """Folded ``word`` and how it stands inside a longer word of the other alphabet.

    >>> spellings(fold("Pet"))
    ('рет', 'pet')
    >>> spellings(fold("Petr"))
    ('petr',)
    """
    letters = "".join(_RUN.findall(word))
    if letters and _ALIKE.issuperset(letters):
        return word, word.translate(_TO_LATIN)
    return (word,)
