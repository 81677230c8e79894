"""Telephone numbers as people type, copy and collect them.

A number with «+» has its country code (ITU-T E.164); without one it is dialled in the
clinic's country. What a spreadsheet has spoiled is refused, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat

from .letters import clean

# No code begins with 89: such ten digits have lost one. 7… is Kazakhstan's.
_RUSSIAN = re.compile(r"(?:\+7|8|7)?([3-69]\d{9}|8[0-8]\d{8})|(?:\+7|8|7)(7\d{9})")
_USUAL = re.compile(r"\+?[0-9 ()-]+")
# 7,91235E+10; 79123456789.0; #####
_SPOILED = re.compile(r"[\d.,\s]*\d\s*[eе][+-]?\d+|\d{7,}[.,]\d{1,2}|#+", re.I)
# A number begins with a plus, a bracket or a digit, and goes on in one line.
_NUMBER = re.compile(
    r"[+(]?\s*\(?\d(?:[\d()/.\s\u00a0-](?![+;]))*\d"
    r"(?:\s*(?:доб|ext|вн|#)\.?\s*\d{1,6})?",
    re.I,
)
_EXTENSION = re.compile(r"(?:доб|ext|вн|#)\.?\s*(\d{1,6})$", re.I)
_DIVIDERS = re.compile(r"[;,\n|]|/(?=\s*[+(8\d])|\s(?=\+)|\s(?:и|или|and|or)\s", re.I)
_SHORTEST = 5
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
# Longer numbers without a plus are those that a spreadsheet has taken it from.
_WITHOUT_PLUS = 11
_NOTHING = re.compile(r"[^\w#]*|_+|нет|нету|отсутствует|none|null|n/?a", re.I)


class Phone(NamedTuple):
    """``note`` is what else was said of it: an extension, whose it is."""

    e164: str
    readable: str
    note: str = ""


def read_phone(text: str | None, region: str = "RU") -> Phone | None:
    """The one number that is all of ``text``; None where nothing is written.

    >>> read_phone("8 (912) 345-67-89").e164, read_phone("+84 91 234 56 78").e164
    ('+79123456789', '+84912345678')

    :param region: ISO code of the country in which numbers are dialled
    :raises ValueError: no number, several, or one that a spreadsheet has spoiled
    """
    phones = read_phones(text, region)
    if len(phones) > 1:
        raise ValueError(text)
    return phones[0] if phones else None


def read_phones(text: str | None, region: str = "RU") -> list[Phone]:
    """All numbers of a cell, each once, with what is said of them.

    >>> [phone.e164 for phone in read_phones("8 495 1234567, 8(912)3456789 мама")]
    ['+74951234567', '+79123456789']
    >>> read_phones("8(912)3456789 (мама)")[0].note
    'мама'

    :raises ValueError: something in it is no number
    """
    if text and _USUAL.fullmatch(text) and _RUSSIAN.fullmatch(_compact(text)):
        return _read_number(text, region)
    text = unicodedata.normalize("NFKC", text or "").translate(_DASHES)
    if _NOTHING.fullmatch(clean(text)):
        return []
    found: dict[str, Phone] = {}
    for piece in _DIVIDERS.split(text):
        if any(map(str.isdigit, piece)):
            for phone in _read_piece(clean(piece), region):
                found.setdefault(phone.e164, phone)
        else:
            _note_last(found, piece)
    if not found:
        raise ValueError(text)
    return list(found.values())


def _note_last(found: dict[str, Phone], piece: str) -> None:
    """Words between two numbers belong to the one before."""
    words = _strip_note(piece)
    if words and found:
        last, phone = found.popitem()
        found[last] = phone._replace(note=_join(phone.note, words))
    elif words or "#" in piece:
        raise ValueError(piece)


def _read_piece(piece: str, region: str) -> list[Phone]:
    """Numbers with words before each, or behind each."""
    if _SPOILED.fullmatch(piece):
        raise ValueError(piece)
    matches = list(_NUMBER.finditer(piece))
    if not matches:
        raise ValueError(piece)
    ends = [0, *(match.end() for match in matches)]
    starts = [*(match.start() for match in matches), len(piece)]
    words = [piece[end:start] for end, start in zip(ends, starts, strict=True)]
    if any(sign.isdigit() or sign in "+#" for sign in "".join(words)):
        raise ValueError(piece)
    leads = bool(_strip_note(words[0]))
    notes = words[:-1] if leads else words[1:]
    phones = [
        phone._replace(note=_join(phone.note, _strip_note(note)))
        for match, note in zip(matches, notes, strict=True)
        for phone in _read_number(match[0], region)
    ]
    if leads and (behind := _strip_note(words[-1])):
        phones[-1] = phones[-1]._replace(note=_join(phones[-1].note, behind))
    return phones


def _read_number(text: str, region: str) -> list[Phone]:
    """One number, or two Russian ones with nothing but a space between them."""
    note = ""
    if ending := _EXTENSION.search(text):
        text, note = text[: ending.start()], ending[0]
    try:
        return [Phone(*_format(text, region), note)]
    except ValueError:
        pairs = [
            (text[: gap.start()], text[gap.end() :])
            for gap in re.finditer(r"\s+", text)
            if all(
                _RUSSIAN.fullmatch(_compact(half))
                for half in (text[: gap.start()], text[gap.end() :])
            )
        ]
        if region != "RU" or len(pairs) != 1:
            raise
        return [Phone(*_format(half, region), note) for half in pairs[0]]


def _join(*notes: str) -> str:
    return " ".join(filter(None, notes))


def _compact(text: str) -> str:
    return re.sub(r"[^\d+]", "", text)


def _strip_note(text: str) -> str:
    words = re.sub(r"(?i)\b(?:тел|моб|сот|дом|раб|phone|tel|т|м)\b\.?:?", " ", text)
    return clean(words).strip(" .,:;()-[]")


def _format(text: str, region: str) -> tuple[str, str]:
    """E.164 and the form that people read. Russian numbers go a short way: the
    library takes ten times longer."""
    compact = _compact(text)
    if compact.startswith("00") and len(compact) > 11:
        compact = "+" + compact[2:]
    if region == "RU" and (match := _RUSSIAN.fullmatch(compact)):
        n = match[1] or match[2]
        return f"+7{n}", f"+7 {n[:3]} {n[3:6]}-{n[6:8]}-{n[8:]}"
    number = _parse(compact, region) or (
        _parse("+" + compact, region) if len(compact) >= _WITHOUT_PLUS else None
    )
    if not number:
        raise ValueError(text)
    return (
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
    )


def _parse(compact: str, region: str) -> phonenumbers.PhoneNumber | None:
    """A number that can be; with its country code, tables may be older than it."""
    try:
        number = phonenumbers.parse(compact, region)
    except phonenumbers.NumberParseException:
        return None
    named = compact.startswith("+") and len(compact) >= _SHORTEST
    fits = phonenumbers.is_possible_number if named else phonenumbers.is_valid_number
    return number if fits(number) else None
