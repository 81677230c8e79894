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


def day_of_age(birthdate: date, years: int) -> date:
    """First day on which somebody is ``years`` old.

    Who was born on 29 February is so on 1 March of other years: a term of years that
    ends in a month without its day lasts until that month's end (ГК РФ, art. 192(3)).

    >>> day_of_age(date(2008, 2, 29), 15)
    datetime.date(2023, 3, 1)
    >>> day_of_age(date(2008, 2, 29), 16)
    datetime.date(2024, 2, 29)
    """
    try:
        return birthdate.replace(year=birthdate.year + years)
    except ValueError:
        return date(birthdate.year + years, 3, 1)
