"""Files of patients as clinics bring them: seeded, with the dirt of real life."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from faker.providers.person.ru_RU import Provider as Person

TITLES = "Фамилия;Имя;Отчество;Дата рождения;Пол;Телефон;Город"
CITIES = ("Москва", "Казань", "Самара", "Пермь")
START = date(1930, 1, 1)
DAYS = (date(2025, 12, 31) - START).days
SEXES = (
    ("м", Person.first_names_male, Person.middle_names_male, Person.last_names_male),
    (
        "ж",
        Person.first_names_female,
        Person.middle_names_female,
        Person.last_names_female,
    ),
)


def write_patients(path: Path, count: int, seed: int = 1) -> Path:
    """Write ``count`` rows of different people to a CSV file; the same for a seed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(TITLES + "\r\n")
        file.writelines(f"{row}\r\n" for row in generate_rows(count, seed))
    return path


def generate_rows(count: int, seed: int = 1) -> Iterator[str]:
    """Rows under TITLES: spaces, ё, 8 and +7, missing values, families, namesakes."""
    rng = random.Random(seed)
    phone = 0
    people = tuple((sex, *map(tuple, names)) for sex, *names in SEXES)
    for number in range(count):
        sex, first, middle, last = rng.choice(people)
        born = START + timedelta(days=rng.randrange(DAYS))
        if number % 5:  # every fifth shares the phone of the one before
            phone = 9_000_000_000 + (number * 7_919 + seed) % 999_999_999
        yield ";".join(
            (
                _dirty(rng, rng.choice(last)),
                rng.choice(first),
                rng.choice(middle) if rng.random() > 0.05 else "",
                born.strftime("%d.%m.%Y") if rng.random() > 0.02 else "",
                sex,
                _phone(rng, str(phone)) if rng.random() > 0.03 else "",
                rng.choice(CITIES),
            )
        )


def _dirty(rng: random.Random, name: str) -> str:
    chance = rng.random()
    if chance < 0.03:
        return f"  {name} "
    if chance < 0.06:
        return name.upper()
    return name


def _phone(rng: random.Random, digits: str) -> str:
    return rng.choice(
        (
            f"8{digits}",
            f"+7{digits}",
            f"8 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}",
            digits,
        )
    )
