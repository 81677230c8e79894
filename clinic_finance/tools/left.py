"""What is left of a charge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Left:
    """Sums in the company's currency, taxes included.

    ``total`` is what is asked for the service after all corrections, ``due`` what of it
    is not paid.
    """

    total: float
    due: float

    @property
    def paid(self) -> float:
        """What has been paid, or waits on the account for it."""
        return self.total - self.due
