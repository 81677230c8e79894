"""Names of persons in the Russian order: family name, first name, patronymic."""

from __future__ import annotations

from typing import NamedTuple


class NameParts(NamedTuple):
    last_name: str
    first_name: str
    middle_name: str


def join_name(
    last_name: str | None, first_name: str | None, middle_name: str | None
) -> str:
    """One line in the order of documents; empty parts and spare spaces are dropped."""
    return " ".join(
        " ".join(filter(None, (last_name, first_name, middle_name))).split()
    )


def split_name(name: str) -> NameParts:
    """Parts of a full name; what follows the second word is the patronymic.

    A single word is taken for the family name.
    """
    words = name.split()
    return NameParts(
        words[0] if words else "",
        words[1] if len(words) > 1 else "",
        " ".join(words[2:]),
    )


def initials(name: str) -> str:
    """First letters with dots, as a public screen may show them: «И. М. П.»"""
    return " ".join(f"{word[0].upper()}." for word in name.split())
