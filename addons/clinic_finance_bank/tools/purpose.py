"""What a payer's words tell: numbers of invoices, visits and cards, telephones.

The purpose of a transfer is written by people: «Оплата по сч. СЧФ/2026/00017, тел
8 916 123-45-67». What is found is a candidate and looked up exactly, so that a wrong
one does no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

# СЧФ/2026/00017, INV-2026-17: parts with a digit somewhere, joined by / or -.
_INVOICE = re.compile(r"(?<![\w/-])\w+(?:[/-]\w+)+(?![\w/-])")
# A visit only behind a sign of number: «приём 16 ноября» is a day.
_SIGN = r"\s*(?:№|No\.?|N)\s*"
_VISIT = re.compile(
    rf"\b(?:при[её]м|визит|visit)\w*{_SIGN}(\d{{1,9}})\b", re.IGNORECASE
)
# «по счёту 17», «сч. № 17 от 02.03»: the last part of an invoice's number, as people
# write it; «счёт 40817…» is an account, «счёт 02.03» a day.
_SHORT = re.compile(
    rf"\b(?:сч[её]т\w*|сч\.|invoice|inv\.)(?:{_SIGN}|\s+)(?=\d)0*(\d{{1,6}})(?![\w./-]*\d)",
    re.IGNORECASE,
)
# A card behind a sign, or long: «карта 1234» is the end of a bank card.
_CARD = re.compile(
    rf"\b(?:карт|card)\w*(?:{_SIGN}(?=\d)|\s+(?=\d{{6,}}\b))(\d{{1,12}})\b",
    re.IGNORECASE,
)
_LUMP = re.compile(
    r"эквайринг|acquiring|реестр|registry|терминал|мерчант|merchant"
    r"|операци\w* .*карт|перевод\w* физ",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hints:
    """Candidates of one purpose: numbers in upper case, ``phones`` in E.164.

    ``shorts`` are the last parts of numbers of invoices.
    """

    invoices: frozenset[str] = frozenset()
    visits: frozenset[int] = frozenset()
    cards: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    shorts: frozenset[int] = frozenset()


def read_purpose(text: str, region: str = "RU") -> Hints:
    """Candidates in ``text``; none in the purpose of a lump.

    :param region: where numbers without a country code are dialled (ISO 3166)
    """
    if is_lump(text):
        return Hints()
    return Hints(
        invoices=frozenset(
            number
            for found in _INVOICE.findall(text)
            if any(map(str.isdigit, found))
            # A dash for a stroke: some banks take no other sign.
            for number in (found.upper(), found.upper().replace("-", "/"))
        ),
        visits=frozenset(map(int, _VISIT.findall(text))),
        cards=frozenset(_CARD.findall(text)),
        phones=frozenset(_find_phones(text, region)),
        shorts=frozenset(map(int, _SHORT.findall(text))),
    )


def is_lump(text: str) -> bool:
    """Whether money of many payers came in one sum: by cards or by a registry."""
    return bool(_LUMP.search(text))


def _find_phones(text: str, region: str) -> list[str]:
    return [
        phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        for found in phonenumbers.PhoneNumberMatcher(text, region)
    ]
