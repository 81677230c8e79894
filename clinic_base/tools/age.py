"""Ages: in words, in the reader's language, and by the law."""

from __future__ import annotations

from datetime import date

from babel.units import format_unit
from dateutil.relativedelta import relativedelta

# From then on a patient's medical secrets are closed to parents too: 323-ФЗ, art. 22(2)
# and 54(2). The fact of a visit is such a secret (art. 13).
AGE_OF_SECRETS = 15
# From then on nobody acts for the patient by law: ГК РФ, art. 21(1).
AGE_OF_ACTING = 18


# Where somebody who was born on 29 February comes of an age on 28 February of other
# years (New Zealand: Age of Majority Act 1970 with Interpretation; Taiwan: Civil Code,
# art. 121 and 124).
ON_THE_EVE = frozenset({"NZ", "TW"})
# Nobody has been older.
OLDEST_AGE = 130


def format_age(birthdate: date, today: date, locale: str) -> str:
    """Full years, or full months under a year.

    >>> format_age(date(2003, 5, 2), date(2026, 5, 1), "ru_RU")
    '22 года'
    >>> format_age(date(2026, 1, 31), date(2026, 5, 1), "en_US")
    '3 mths'
    """
    if years := get_age(birthdate, today):
        return format_unit(years, "duration-year", "long", locale=locale)
    age = relativedelta(today, birthdate)
    return format_unit(age.months, "duration-month", "short", locale=locale)


def day_of_age(birthdate: date, years: int, country: str | None = None) -> date:
    """First day on which somebody is ``years`` old.

    Who was born on 29 February is so on 1 March of other years: a term of years that
    ends in a month without its day lasts until that month's end (ГК РФ, art. 192(3)).

    :param country: ISO code; a few have it otherwise

    >>> day_of_age(date(2008, 2, 29), 15)
    datetime.date(2023, 3, 1)
    >>> day_of_age(date(2008, 2, 29), 16)
    datetime.date(2024, 2, 29)
    """
    try:
        return birthdate.replace(year=birthdate.year + years)
    except ValueError:
        year = birthdate.year + years
        return date(year, 2, 28) if country in ON_THE_EVE else date(year, 3, 1)


def get_age(birthdate: date, day: date, country: str | None = None) -> int:
    """Full years on ``day``; below zero before the birth.

    >>> get_age(date(2008, 2, 29), date(2026, 2, 28))
    17
    """
    years = day.year - birthdate.year
    return years if day_of_age(birthdate, years, country) <= day else years - 1


def get_age_days(birthdate: date, country: str | None = None) -> list[date]:
    """The first days of being 0, 1, 2, … years old."""
    return [day_of_age(birthdate, age, country) for age in range(OLDEST_AGE + 1)]
