"""A wish to move money within a payer's account."""

from typing import Any, NamedTuple


class Transfer(NamedTuple):
    """``amount`` (the company's currency) of the money that the item ``credit`` holds,
    to ``account`` on ``day``.

    ``reserve`` is the charge of a package that it is kept for, ``payer`` to whose items
    it goes: another partner only where cards were merged; ``branch`` is whose turnover
    it is, that of the item if left out.
    """

    credit: Any
    account: Any
    amount: float
    day: Any
    reserve: Any = None
    payer: Any = None
    branch: Any = None
