"""Age in words, in the reader's language."""

from __future__ import annotations

from datetime import date

from babel.units import format_unit
from dateutil.relativedelta import relativedelta


def format_age(birthdate: date, today: date, locale: str) -> str:
    """Full years, or full months under a year.

    >>> format_age(date(2003, 5, 2), date(2026, 5, 1), "ru_RU")
    '22 года'
    >>> format_age(date(2026, 1, 31), date(2026, 5, 1), "en_US")
    '3 mths'
    """
    age = relativedelta(today, birthdate)
    if age.years:
        return format_unit(age.years, "duration-year", "long", locale=locale)
    return format_unit(age.months, "duration-month", "short", locale=locale)
