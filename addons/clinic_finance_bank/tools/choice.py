"""Which debts a transfer pays, by what its purpose tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .purpose import Hints


@dataclass(frozen=True)
class Debt:
    """An open item of a payer; ``amount`` in the smallest unit of the currency.

    ``numbers`` are the invoice's own number and its payment reference, upper case,
    ``short`` is the last part of its number.
    """

    ident: int
    payer: int
    amount: int
    patient: int = 0
    visit: int = 0
    numbers: frozenset[str] = frozenset()
    short: int = 0


@dataclass(frozen=True)
class Finding:
    """The ``payer`` and what is paid; ``certain`` if nothing is left for a person.

    ``rule`` is ``named`` (an invoice or a visit by its number) or ``person`` (by card
    or telephone).
    """

    payer: int
    debts: tuple[int, ...]
    rule: str
    certain: bool


def choose(
    hints: Hints, amount: int, debts: Iterable[Debt], payers: Mapping[int, int]
) -> Finding | None:
    """What ``amount`` (smallest unit) pays; nothing if several payers come into it.

    :param debts: open items that the hints may speak of, the oldest first
    :param payers: {patient: payer} of the patients whom card or telephone tells
    """
    debts = list(debts)
    named = [
        debt
        for debt in debts
        if debt.numbers & hints.invoices or debt.visit in hints.visits
    ]
    if named:
        return _find(named, amount, "named")
    # Every year and every journal has its number 17: only a person is certain.
    short = [one for one in debts if one.short in hints.shorts and one.amount == amount]
    if len(short) == 1:
        return Finding(short[0].payer, (short[0].ident,), "named", False)
    if len(set(payers.values())) != 1:
        return None
    (payer,) = set(payers.values())
    # An insurer's invoice is not the patient's to pay.
    owed = [debt for debt in debts if debt.patient in payers and debt.payer == payer]
    exact = [debt for debt in owed if debt.amount == amount]
    if len(exact) == 1:
        return _find(exact, amount, "person")
    if owed and sum(debt.amount for debt in owed) == amount:
        return _find(owed, amount, "person")
    return Finding(payer, (), "person", False)


def _find(debts: list[Debt], amount: int, rule: str) -> Finding | None:
    payers = {debt.payer for debt in debts}
    if len(payers) != 1:
        return None
    return Finding(
        payers.pop(),
        tuple(debt.ident for debt in debts),
        rule,
        sum(debt.amount for debt in debts) == amount,
    )
