"""Balances of a trial balance by their sides, as Russian accountants read them.

An account stands on one side with its net; what is made of accounts or of partners (a
group, a total, an account by partners) adds both sides up and nets nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

BALANCES = ("initial", "ending")
SIDES = tuple(f"{name}_{side}" for name in BALANCES for side in ("debit", "credit"))
SUMS = (*SIDES, "debit", "credit")


def split(row: dict[str, Any]) -> dict[str, Any]:
    """Give ``row`` its opening and closing debit and credit; returns the row.

    >>> row = split({"initial_balance": 0.0, "ending_balance": -5.0})
    >>> row["ending_debit"], row["ending_credit"]
    (0.0, 5.0)
    """
    for name in BALANCES:
        net = row[f"{name}_balance"]
        row[f"{name}_debit"] = max(net, 0.0)
        row[f"{name}_credit"] = max(-net, 0.0)
    return row


def add_up(rows: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Sums of what ``rows``, each of them split, hold on either side, turnover too."""
    total = dict.fromkeys(SUMS, 0.0)
    for row in rows:
        for name in SUMS:
            total[name] += row[name]
    return total


def add_sides(row: dict[str, Any], parts: Iterable[dict[str, Any]]) -> None:
    """Give ``row`` the sides of its ``parts``; its turnover stays as it is."""
    total = add_up(parts)
    row.update({name: total[name] for name in SIDES})
