"""How long the law has documents kept, however much a person wants to be forgotten."""

from __future__ import annotations

from datetime import date


def keep_years_after(day: date, years: int) -> date:
    """Last day on which what was written on ``day`` is kept: an outpatient's record 25
    years after its last entry (letter of the Ministry of Health of 07.12.2015
    № 13-2/1538).

    >>> keep_years_after(date(2024, 2, 29), 25)
    datetime.date(2049, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def keep_years_after_its_year(day: date, years: int) -> date:
    """Last day on which an accounting document of ``day`` is kept: ``years`` after the
    end of its reporting year (402-ФЗ, art. 29, part 1: not less than five).

    >>> keep_years_after_its_year(date(2026, 3, 1), 5)
    datetime.date(2031, 12, 31)
    """
    return date(day.year + years, 12, 31)
