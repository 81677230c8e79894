"""Which payment pays which invoice.

Three rules, one after the other over all the money of one payer, so that a payment
that names an invoice gets it before an older one that names nothing:

``named``
    the invoice that the payment was made for, or whose number stands in its purpose;
``patient``
    invoices of the patient for whom it was paid, the oldest first;
``oldest``
    the payer's other invoices, the oldest first, unless the payment is for one patient
    only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

RULES = ("named", "patient", "oldest")


@dataclass(frozen=True)
class Credit:
    """Money of the payer that is still free.

    ``amount`` is what is left, in the smallest unit of the currency; ``documents`` are
    the ids of the entries that it was paid for; ``text`` is its purpose.
    """

    ident: int
    day: date
    amount: int
    patient: int = 0
    only_patient: bool = False
    documents: frozenset[int] = frozenset()
    text: str = ""


@dataclass(frozen=True)
class Debit:
    """What the payer still owes for one entry, ``document``, with its ``number``."""

    ident: int
    day: date
    amount: int
    patient: int = 0
    document: int = 0
    number: str = ""


@dataclass(frozen=True)
class Match:
    """``amount`` (smallest unit) of a credit for a debit, by ``rule``."""

    credit: int
    debit: int
    amount: int
    rule: str


def match(
    credits: Iterable[Credit],
    debits: Iterable[Debit],
    rules: Iterable[str] = RULES,
) -> list[Match]:
    """Pair the money with the debts of one payer in one currency."""
    credits = sorted(credits, key=_get_age)
    debits = sorted(debits, key=_get_age)
    money = {credit.ident: credit.amount for credit in credits}
    debts = {debit.ident: debit.amount for debit in debits}
    found = []
    for rule in rules:
        for credit in credits:
            for debit in debits:
                amount = min(money[credit.ident], debts[debit.ident])
                if amount and _FITS[rule](credit, debit):
                    found.append(Match(credit.ident, debit.ident, amount, rule))
                    money[credit.ident] -= amount
                    debts[debit.ident] -= amount
    return found


def names(text: str, number: str) -> bool:
    """Whether ``number`` stands in ``text`` by itself, not as part of another one."""
    if not number:
        return False
    return bool(
        re.search(rf"(?<![\w/]){re.escape(number)}(?![\w/])", text, re.IGNORECASE)
    )


def _get_age(item: Credit | Debit) -> tuple[date, int]:
    return item.day, item.ident


def _is_named(credit: Credit, debit: Debit) -> bool:
    return debit.document in credit.documents or names(credit.text, debit.number)


def _is_of_patient(credit: Credit, debit: Debit) -> bool:
    return bool(credit.patient) and credit.patient == debit.patient


def _is_any(credit: Credit, _debit: Debit) -> bool:
    return not credit.only_patient


_FITS: dict[str, Callable[[Credit, Debit], bool]] = {
    "named": _is_named,
    "patient": _is_of_patient,
    "oldest": _is_any,
}
