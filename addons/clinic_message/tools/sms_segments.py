"""How many parts a short message takes, which is what it costs.

3GPP TS 23.038: the 7-bit alphabet holds 160 characters, 153 in each part of a longer
message; characters of its extension table count twice. One character outside of it,
and the whole message is UCS-2: 70, or 67 in each part, in units of UTF-16.
"""

import math
from typing import NamedTuple

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")


class Segments(NamedTuple):
    """Parts of a message and the length they are counted by."""

    parts: int
    units: int  # septets, or units of UTF-16
    single: int  # units that fit into one part alone


def count_segments(text: str) -> Segments:
    """Parts that ``text`` is sent in.

    >>> count_segments("а" * 71)
    Segments(parts=2, units=71, single=70)
    """
    if set(text) <= BASIC | EXTENSION:
        units = sum(2 if char in EXTENSION else 1 for char in text)
        single, joined = 160, 153
    else:
        units = len(text.encode("utf-16-le")) // 2
        single, joined = 70, 67
    parts = min(units, 1) if units <= single else math.ceil(units / joined)
    return Segments(parts, units, single)
