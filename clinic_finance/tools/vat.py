"""Rates of VAT as a fiscal register knows them (54-ФЗ, tag 1199).

Rates: Tax Code, art. 164: 0, 10 and 22 % since 2026, 5 and 7 % for the simplified
system since 2025. What is paid before a taxed service carries the calculated rate, rate
by hundred and rate (art. 164, p. 4); at 0 % and without VAT there is none to calculate.
"""

from __future__ import annotations

RATES = (0, 5, 7, 10, 22)
NONE = "none"
# Of a tax of which nobody has said it yet: its receipts wait.
UNKNOWN = "unknown"
# What a tax may say, and what a line of a receipt may.
OF_TAX = (NONE, *(f"vat{rate}" for rate in RATES))
OF_LINE = (*OF_TAX, *(f"vat1{rate:02}" for rate in RATES if rate))


def of_rate(percent: float) -> str | None:
    """The rate of a tax of ``percent``; None if no register knows it.

    Of 0 % nobody can tell the exempt from the zero rate: medical services are exempt
    (Tax Code, art. 149, p. 2.2).
    """
    if not percent:
        return NONE
    return f"vat{percent:g}" if percent in RATES else None


def calculated(vat: str) -> str:
    """The rate of what is paid before, for the rate ``vat`` of the service."""
    rate = vat.removeprefix("vat")
    return f"vat1{int(rate):02}" if rate.isdecimal() and int(rate) else vat
