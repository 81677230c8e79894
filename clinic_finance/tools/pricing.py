"""What a service costs one patient, and why.

The first rule that says something about the price wins: the profile of patient and
specialist, the patient's category, the branch's price list, the base price.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PriceSources:
    """What is known about one service for one patient; money in one currency.

    ``list_price`` is the branch price list's price if there is one, else the base
    price. Discounts are percent, 0 to 100.
    """

    base_price: float
    list_price: float | None = None
    category_discount: float = 0.0
    profile_mode: str | None = None
    profile_price: float = 0.0
    profile_discount: float = 0.0


@dataclass(frozen=True)
class Price:
    """``list_price`` before and ``price`` after the discount (percent); not rounded.

    ``reason`` is one of fixed, profile_discount, category, list and base.
    """

    list_price: float
    discount: float
    price: float
    reason: str


def price_of(sources: PriceSources) -> Price:
    """The price by the first rule that applies."""
    listed = sources.base_price if sources.list_price is None else sources.list_price
    if sources.profile_mode == "fixed":
        return Price(listed, 0.0, sources.profile_price, "fixed")
    if sources.profile_mode == "discount":
        return _discounted(listed, sources.profile_discount, "profile_discount")
    if sources.category_discount:
        return _discounted(listed, sources.category_discount, "category")
    return Price(listed, 0.0, listed, "base" if sources.list_price is None else "list")


def _discounted(listed: float, discount: float, reason: str) -> Price:
    return Price(listed, discount, listed * (1 - discount / 100), reason)
