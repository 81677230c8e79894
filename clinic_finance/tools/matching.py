"""Which money pays what.

Debts are invoices that are posted, and charges of services that are still to come.
Three rules, one after the other over all the money of one payer, so that a payment that
names something gets it before an older one that names nothing:

``named``
    what the payment was made for, or whose number stands in its purpose;
``patient``
    debts of the patient for whom it was paid, the oldest first;
``oldest``
    the payer's other debts, the oldest first, unless the payment is for one patient
    only.

What is posted comes before what is to come: only money that is named waits for a visit
while something is owed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date

RULES = ("named", "patient", "oldest")


@dataclass(frozen=True)
class Credit:
    """Money of the payer that is still free.

    ``amount`` is what is left, in the smallest unit of the currency; ``documents`` are
    the keys of what it was paid for; ``text`` is its purpose. Money that is ``kept``
    pays nothing else.
    """

    ident: int
    day: date
    amount: int
    patient: int = 0
    only_patient: bool = False
    documents: frozenset[Hashable] = frozenset()
    text: str = ""
    kept: bool = False


@dataclass(frozen=True)
class Debit:
    """What the payer still has to pay for one entry or one coming service.

    ``documents`` are its keys and ``numbers`` what a purpose may call it; ``coming`` is
    what nobody owes yet.
    """

    ident: Hashable
    day: date
    amount: int
    patient: int = 0
    documents: frozenset[Hashable] = frozenset()
    numbers: frozenset[str] = frozenset()
    coming: bool = False


@dataclass(frozen=True)
class Match:
    """``amount`` (smallest unit) of a credit for a debit, by ``rule``."""

    credit: int
    debit: Hashable
    amount: int
    rule: str


def match(
    credits: Iterable[Credit],
    debits: Iterable[Debit],
    rules: Iterable[str] = RULES,
) -> list[Match]:
    """Pair the money with the debts of one payer in one currency.

    Where two debts have one day, the one that stands first comes first.
    """
    credits = sorted(credits, key=lambda credit: (credit.day, credit.ident))
    debits = sorted(debits, key=lambda debit: (debit.coming, debit.day))
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


def _is_named(credit: Credit, debit: Debit) -> bool:
    return bool(credit.documents & debit.documents) or any(
        names(credit.text, number) for number in debit.numbers
    )


def _is_of_patient(credit: Credit, debit: Debit) -> bool:
    same = bool(credit.patient) and credit.patient == debit.patient
    return same and not credit.kept


def _is_any(credit: Credit, _debit: Debit) -> bool:
    return not (credit.only_patient or credit.kept)


_FITS: dict[str, Callable[[Credit, Debit], bool]] = {
    "named": _is_named,
    "patient": _is_of_patient,
    "oldest": _is_any,
}
