"""Numbers of Russian personal documents: their form and check digits.

Each ``format_…`` returns the number as people write it, or raises ValueError whose text
is one of the constants here; empty stays empty.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import luhn

from .letters import CYRILLIC, LATIN, clean

WRONG_LENGTH = "length"
WRONG_CHECK_DIGIT = "check_digit"
WRONG_FORM = "form"

# Up to this number SNILS have no check digits (ПФР, постановление № 192п, 31.07.2006).
SNILS_LAST_UNCHECKED = 1_001_998

# Series in Roman figures, two Cyrillic letters, six digits (ПП РФ № 1193, 19.11.2018).
BIRTH_CERTIFICATE = re.compile(r"([IVXLC]{1,6})-?([А-ЯЁ]{2})(\d{6})")
LATIN_FOR_CYRILLIC = str.maketrans("ІУХЛС1", "IVXLCI")
CYRILLIC_FOR_LATIN = str.maketrans(LATIN.upper(), CYRILLIC.upper())
# What may stand around a number that was copied from somewhere: its own name, signs.
AROUND = re.compile(
    r"(?<![^\W\d_])(?:снилс|страховой|полис|омс|енп|паспорт(?: рф)?|серия|сер|номер|ном"
    r"|свидетельство(?: о рождении)?|snils|passport|no|n)(?![^\W\d_])",
    re.I,
)
PLAIN = re.compile(r"[0-9 -]*")
SIGNS = re.compile(r"[\s.,:;№#/()_-]+")


def digits_of(text: str | None) -> str:
    """The digits of ``text``, in order."""
    return re.sub(r"\D", "", text or "")


def bare(text: str | None) -> str:
    """``text`` without its own name, dashes and spaces, in plain digits and capitals.

    >>> bare("СНИЛС № 112‑233‑445 95"), bare("112-233-445 9О")
    ('11223344595', '1122334459О')
    """
    if not text or PLAIN.fullmatch(text):
        return digits_of(text)
    text = unicodedata.normalize("NFKC", clean(text).replace("№", " "))
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return SIGNS.sub("", AROUND.sub(" ", text)).upper()


def _digits(text: str | None, lengths: tuple[int, ...]) -> str:
    """Digits that are all of a number; a letter among them is a digit mistyped."""
    digits = bare(text)
    if not re.fullmatch(r"[0-9]*", digits) or len(digits) not in lengths:
        raise ValueError(WRONG_LENGTH)
    return digits


def snils_check_digits(first_nine: str) -> str:
    """Sum of digits times 9…1, modulo 101, where 100 counts as 00."""
    total = sum(int(digit) * (9 - i) for i, digit in enumerate(first_nine))
    return f"{total % 101 % 100:02}"


def format_snils(text: str | None) -> str:
    """``112-233-445 95``; raises ValueError."""
    if not clean(text):
        return ""
    digits = _digits(text, (11,))
    number, check = digits[:9], digits[9:]
    if int(number) > SNILS_LAST_UNCHECKED and check != snils_check_digits(number):
        raise ValueError(WRONG_CHECK_DIGIT)
    return f"{number[:3]}-{number[3:6]}-{number[6:]} {check}"


def format_oms_policy(text: str | None) -> str:
    """16 digits of the ЕНП, checked by Luhn, or 9 of a temporary certificate.

    (Приказ ФФОМС № 79 от 07.04.2011, приложение: the last digit is a check digit.)
    """
    if not clean(text):
        return ""
    digits = _digits(text, (9, 16))
    if len(digits) == 16 and not luhn.is_valid(digits):
        raise ValueError(WRONG_CHECK_DIGIT)
    return digits


def format_passport(text: str | None) -> str:
    """``4509 123456``: series and number, which have no check digit."""
    if not clean(text):
        return ""
    digits = _digits(text, (10,))
    return f"{digits[:4]} {digits[4:]}"


def format_birth_certificate(text: str | None) -> str:
    """``IV-АБ 123456``; letters of the other alphabet that look alike are forgiven."""
    compact = bare(text)
    if not compact:
        return ""
    letters = re.fullmatch(r"([A-ZА-ЯЁІ1]+)([A-ZА-ЯЁ]{2})(\d{6})", compact)
    if not letters:
        raise ValueError(WRONG_FORM)
    series = letters[1].translate(LATIN_FOR_CYRILLIC)
    match = BIRTH_CERTIFICATE.fullmatch(
        f"{series}{letters[2].translate(CYRILLIC_FOR_LATIN)}{letters[3]}"
    )
    if not match:
        raise ValueError(WRONG_FORM)
    return f"{match[1]}-{match[2]} {match[3]}"


FORMATS = {
    "passport": format_passport,
    "birth_certificate": format_birth_certificate,
}
