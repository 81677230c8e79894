"""Rows that hostile hands and careless programs make, with what they mean: seeded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..tools.documents import snils_check_digits

TITLES = "ФИО;Дата рождения;Телефон;Моб.;СНИЛС;Паспорт;Email;Пол;Номер карты"
NAMES = ("Ёлкина", "Римский-Корсаков", "О’Коннор", "Ван Дер Берг", "Müller", "Иванов")
FIRST = ("Анна", "Пётр", "Мария Луиза", "Йозеф", "Seán", "Ли")
MIDDLE = ("", "Ильинична", "Гасан оглы", "Петрович")
JUNK = (
    *(
        "",
        "-",
        "нет",
        "#REF!",
        "########",
        "1,12E+10",
        "7,9E+10",
        "\u200b",
        "😀",
        "NULL",
    ),
    *(
        "' OR 1=1 --",
        "=1+1",
        "<script>",
        "\\N",
        "0",
        "00.00.0000",
        "31.02.1985",
        "x" * 300,
    ),
    *("12", "+", "()", "ҐЄ", "٠١٢٣", "−5", "1e999", "\x0b", "\u202eabc"),
)


class Person(NamedTuple):
    """Who a row is about."""

    name: str
    born: date
    phone: str
    snils: str


def generate(count: int, seed: int = 6) -> Iterator[tuple[Person | None, str]]:
    """(person, None where nobody can be kept; the row)."""
    rng = random.Random(seed)
    people: list[Person] = []
    for number in range(count):
        if people and rng.random() < 0.2:
            person = rng.choice(people)
        else:
            person = _make_person(rng, number)
            people.append(person)
        yield _write(rng, person)


def _make_person(rng: random.Random, number: int) -> Person:
    name = " ".join(
        part
        for part in (rng.choice(NAMES), rng.choice(FIRST), rng.choice(MIDDLE))
        if part
    )
    born = date(1930, 1, 1) + timedelta(days=rng.randrange(34_000))
    nine = f"{100_000_000 + number * 7_919:09}"
    snils = f"{nine[:3]}-{nine[3:6]}-{nine[6:]} {snils_check_digits(nine)}"
    return Person(name, born, f"9{number * 7_907 % 10**9:09}", snils)


def _write(rng: random.Random, person: Person) -> tuple[Person | None, str]:
    spoiled = rng.random() < 0.05
    cells = [
        rng.choice(("", "---", "123", "\u200b"))
        if spoiled
        else _spoil(rng, person.name),
        _choose(rng, person.born, DATES),
        _choose(rng, person.phone, PHONES),
        rng.choice(JUNK) if rng.random() < 0.2 else "",
        person.snils if rng.random() < 0.8 else person.snils.replace("-", "‑"),
        *(rng.choice(JUNK) if rng.random() < 0.3 else "" for _cell in range(4)),
    ]
    cells[-1] = ""  # Numbers of cards are tried by tests of their own.
    row = ";".join(cell.replace(";", ",").replace('"', "") for cell in cells)
    return (None if spoiled else person), row.replace("\n", " ").replace("\r", " ")


def _spoil(rng: random.Random, name: str) -> str:
    """The same name to people, with what nobody sees."""
    place = rng.randrange(len(name))
    return rng.choice(
        (
            name,
            f" {name}\u00a0",
            f"{name[:place]}\u00ad{name[place:]}",
            name.upper(),
            name.replace("е", "e").replace("а", "a"),
            name.replace(" ", "\u2003"),
        )
    )


DATES: tuple[Callable[[date], str], ...] = (
    lambda born: born.strftime("%d.%m.%Y"),
    lambda born: born.isoformat(),
    lambda born: f"{born:%d/%m/%Y} г.",
    lambda born: f"{born:%Y-%m-%d} 00:00:00",
    lambda born: f"{born.day}.{born.month}.{born.year}",
)
PHONES: tuple[Callable[[str], str], ...] = (
    lambda phone: f"8{phone}",
    lambda phone: f"+7 ({phone[:3]}) {phone[3:6]}-{phone[6:8]}-{phone[8:]}",
    lambda phone: f"тел. {phone}",
    lambda phone: f"7{phone}, 8 495 123-45-67",
)


def _choose(rng: random.Random, value, forms) -> str:
    return rng.choice(JUNK) if rng.random() < 0.1 else rng.choice(forms)(value)
