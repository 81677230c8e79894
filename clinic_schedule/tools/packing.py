"""What a placement costs: the bookable minutes that it destroys around itself.

Lengths are minutes. A *mix* says what is usually asked of a specialist: pairs of
(duration, weight) whose weights sum to 1.
"""

from collections.abc import Sequence
from typing import NamedTuple

Mix = Sequence[tuple[int, float]]


class Placement(NamedTuple):
    """A visit inside a free gap, buffers included in ``length``."""

    gap: int
    offset: int
    length: int

    @property
    def left(self) -> int:
        return self.offset

    @property
    def right(self) -> int:
        return self.gap - self.offset - self.length


def bookable(length: int, mix: Mix) -> float:
    """Minutes of ``length`` that visits of the mix can be expected to fill.

    >>> bookable(50, [(20, 0.5), (30, 0.5)])
    35.0
    """
    return sum(weight * duration * (length // duration) for duration, weight in mix)


def cost(placement: Placement, mix: Mix) -> float:
    """Bookable minutes destroyed beyond the visit itself; lower is better.

    >>> mix = [(20, 0.3), (30, 0.4), (45, 0.15), (60, 0.15)]
    >>> [round(cost(Placement(120, at, 30), mix), 1) for at in (0, 15, 30, 45, 90)]
    [3.0, 27.8, 9.8, 24.0, 3.0]
    """
    return (
        bookable(placement.gap, mix)
        - bookable(placement.left, mix)
        - bookable(placement.right, mix)
        - placement.length
    )


def slivers(placement: Placement, shortest: int) -> int:
    """Minutes left over in pieces that are shorter than the shortest service.

    >>> slivers(Placement(120, 15, 30), 20)
    15
    """
    return sum(rest for rest in (placement.left, placement.right) if rest < shortest)


def edges(placement: Placement) -> int:
    """How many ends of the gap the visit touches: 0, 1 or 2."""
    return (placement.left == 0) + (placement.right == 0)
