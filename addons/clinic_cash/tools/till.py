"""What a payer hands over at a till, and what they get back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


class TenderError(Exception):
    """The money handed over does not fit; ``kind`` is ``negative``, ``card_above_due``
    or ``short``, ``amount`` what it is about."""

    def __init__(self, kind: str, amount: float = 0.0) -> None:
        super().__init__(kind)
        self.kind = kind
        self.amount = amount


@dataclass(frozen=True)
class Settlement:
    """``cash`` and ``card`` are what the clinic keeps; ``change`` goes back in cash."""

    cash: float
    card: float
    change: float


def settle(due: float, given: float, card: float, digits: int = 2) -> Settlement:
    """How ``due`` is settled by ``card`` and the ``given`` cash.

    The card pays its own sum exactly, cash the rest; change is never more than the
    cash that was given, since a terminal gives none.

    :param digits: decimal places of the currency
    :raises TenderError: for a negative sum, more on the card than is due, too little
        cash
    """
    unit = Decimal(1).scaleb(-digits)

    def exact(amount: float) -> Decimal:
        return Decimal(str(amount)).quantize(unit, ROUND_HALF_UP)

    owed, cash, terminal = exact(due), exact(given), exact(card)
    if min(owed, cash, terminal) < 0:
        raise TenderError("negative")
    if terminal > owed:
        raise TenderError("card_above_due", float(owed))
    rest = owed - terminal
    if cash < rest:
        raise TenderError("short", float(rest - cash))
    return Settlement(float(rest), float(terminal), float(cash - rest))


def count_cash(pieces: Mapping[str, int]) -> float:
    """Sum of notes and coins: ``{face value: number}``."""
    return float(sum(Decimal(value) * number for value, number in pieces.items()))
