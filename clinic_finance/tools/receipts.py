"""How a sum of money is spread over the lines of a receipt."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def spread(amount: float, weights: Sequence[float], digits: int = 2) -> list[float]:
    """``amount`` in parts that are proportional to ``weights`` and add up to it.

    What rounding leaves over falls to the last part.

    :param weights: not negative, not all zero
    :param digits: decimal places of the currency
    """
    unit = Decimal(1).scaleb(-digits)
    exact = [Decimal(str(weight)) for weight in weights]
    total, whole, left = sum(exact), Decimal(str(amount)), Decimal(str(amount))
    parts = []
    for weight in exact[:-1]:
        part = (whole * weight / total).quantize(unit, ROUND_HALF_UP)
        parts.append(part)
        left -= part
    return [float(part) for part in [*parts, left.quantize(unit)]]
