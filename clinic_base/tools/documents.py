"""Numbers of Russian personal documents: their form and check digits.

Each ``format_…`` returns the number as people write it, or raises ValueError whose text
is one of the constants here; empty stays empty.
"""

from __future__ import annotations

import re

from stdnum import luhn

WRONG_LENGTH = "length"
WRONG_CHECK_DIGIT = "check_digit"
WRONG_FORM = "form"

# Up to this number SNILS have no check digits (ПФР, постановление № 192п, 31.07.2006).
SNILS_LAST_UNCHECKED = 1_001_998

# Series in Roman figures, two Cyrillic letters, six digits (ПП РФ № 1193, 19.11.2018).
BIRTH_CERTIFICATE = re.compile(r"([IVXLC]{1,6})-?([А-ЯЁ]{2})(\d{6})")
LATIN_FOR_CYRILLIC = str.maketrans("ІУХЛС", "IVXLC")


def digits_of(text: str | None) -> str:
    """The digits of ``text``, in order."""
    return re.sub(r"\D", "", text or "")


def snils_check_digits(first_nine: str) -> str:
    """Sum of digits times 9…1, modulo 101, where 100 counts as 00."""
    total = sum(int(digit) * (9 - i) for i, digit in enumerate(first_nine))
    return f"{total % 101 % 100:02}"


def format_snils(text: str | None) -> str:
    """``112-233-445 95``; raises ValueError."""
    digits = digits_of(text)
    if not (text or "").strip():
        return ""
    if len(digits) != 11:
        raise ValueError(WRONG_LENGTH)
    number, check = digits[:9], digits[9:]
    if int(number) > SNILS_LAST_UNCHECKED and check != snils_check_digits(number):
        raise ValueError(WRONG_CHECK_DIGIT)
    return f"{number[:3]}-{number[3:6]}-{number[6:]} {check}"


def format_oms_policy(text: str | None) -> str:
    """16 digits of the ЕНП, checked by Luhn, or 9 of a temporary certificate.

    (Приказ ФФОМС № 79 от 07.04.2011, приложение: the last digit is a check digit.)
    """
    digits = digits_of(text)
    if not (text or "").strip():
        return ""
    if len(digits) not in (9, 16):
        raise ValueError(WRONG_LENGTH)
    if len(digits) == 16 and not luhn.is_valid(digits):
        raise ValueError(WRONG_CHECK_DIGIT)
    return digits


def format_passport(text: str | None) -> str:
    """``4509 123456``: series and number, which have no check digit."""
    digits = digits_of(text)
    if not (text or "").strip():
        return ""
    if len(digits) != 10:
        raise ValueError(WRONG_LENGTH)
    return f"{digits[:4]} {digits[4:]}"


def format_birth_certificate(text: str | None) -> str:
    """``IV-АБ 123456``; Cyrillic letters that look like Roman figures are forgiven."""
    compact = re.sub(r"[\s№N]", "", (text or "").upper())
    if not compact:
        return ""
    series, dash, rest = compact.partition("-")
    compact = series.translate(LATIN_FOR_CYRILLIC) + dash + rest
    match = BIRTH_CERTIFICATE.fullmatch(compact)
    if not match:
        raise ValueError(WRONG_FORM)
    return f"{match[1]}-{match[2]} {match[3]}"
