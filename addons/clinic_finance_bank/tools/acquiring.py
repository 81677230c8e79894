"""What the acquirer sends in one sum: payments by card, less its commission.

The purpose mostly says both: «Возмещение по операциям с МПС за 02.03, сумма 10 000,00,
комиссия 150,00». Where it does not say the commission, nothing is guessed but for a
single run of days that leaves a usual one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# More than any acquirer takes; a larger gap is another matter.
MOST_PERCENT = 5

_FEE = re.compile(
    r"комисси\w*\D{0,20}?(\d[\d  ]*(?:[.,]\d{1,2})?)|"
    r"(?:fee|commission)\D{0,20}?(\d[\d  ]*(?:[.,]\d{1,2})?)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Taken:
    """A payment by card that is on its way; ``amount`` in the smallest unit, negative
    for what went back."""

    ident: int
    day: date
    amount: int
    journal: int = 0


@dataclass(frozen=True)
class Lump:
    """The payments that came in one sum, and what was kept of them; ``certain`` if the
    bank has named the commission."""

    idents: tuple[int, ...]
    fee: int
    certain: bool


def read_fee(text: str) -> int | None:
    """The commission (in kopecks) that ``text`` names; None if it names none, or
    several."""
    found = {
        re.sub(r"\s", "", first or second).replace(",", ".")
        for first, second in _FEE.findall(text)
    }
    if len(found) != 1:
        return None
    [words] = found
    return round(float(words) * 100)


def find_lump(amount: int, fee: int | None, taken: Sequence[Taken]) -> Lump | None:
    """The payments, of one terminal or of all, on days one after the other, of which
    ``amount`` is left after the commission; None if none or several come into it."""
    found = set()
    journals = {one.journal for one in taken}
    groups = [[one for one in taken if one.journal == journal] for journal in journals]
    for some in [list(taken), *groups]:
        found |= _find_runs(amount, fee, some)
    if len({idents for idents, _fee in found}) != 1:
        return None
    [(idents, kept)] = found
    return Lump(idents, kept, fee is not None)


def _find_runs(
    amount: int, fee: int | None, taken: Sequence[Taken]
) -> set[tuple[tuple[int, ...], int]]:
    days = sorted({one.day for one in taken})
    found = set()
    for first in range(len(days)):
        for last in range(first, len(days)):
            run = [one for one in taken if days[first] <= one.day <= days[last]]
            gap = sum(one.amount for one in run) - amount
            usual = 0 <= gap * 100 <= MOST_PERCENT * (amount + gap)
            if gap == fee if fee is not None else usual:
                found.add((tuple(sorted(one.ident for one in run)), gap))
    return found
