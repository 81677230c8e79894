"""Who is one person and who is two: the one rule for the desk, files and the site.

Documents decide, where both sides show the same kind: a SNILS, a policy of the OMS and
a passport are personal (27-ФЗ art. 6, 326-ФЗ art. 45, ПП РФ № 828 of 08.07.1997). Then
the date of birth, the name, the telephone. What many people share (a name, a family's
telephone) never makes two cards one; it makes a person look at them.
"""

from __future__ import annotations

from datetime import date
from difflib import SequenceMatcher
from enum import IntEnum
from typing import NamedTuple

from .letters import fold
from .person_name import split_name

DOCUMENTS = ("snils", "oms_policy", "document")
# Likeness of two names, from 0 to 1, of which one may be mistyped: Екатерина and
# Екатирина (0.9) or Наталья and Наталия (0.86), not Анна and Инна (0.75).
SLIP = 0.8


class Verdict(IntEnum):
    """OTHER are two people, DOUBTFUL is for a person to decide, SAME is one."""

    OTHER = 0
    DOUBTFUL = 1
    SAME = 2


class Identity(NamedTuple):
    """What tells people apart; folded, empty where it is not known."""

    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    birthdate: date | None = None
    snils: str = ""
    oms_policy: str = ""
    document: str = ""
    phones: frozenset[str] = frozenset()
    card_number: str = ""
    # Numbers of cards that are noted as relatives.
    relatives: frozenset[str] = frozenset()

    @classmethod
    def of(cls, name: str, last_name: str = "", **values) -> Identity:
        """
        >>> Identity.of("Ёлкина Анна").last_name
        'елкина'
        """
        return cls(*map(fold, split_name(name, last_name)), **values)

    def called(self, other: Identity) -> Identity:
        """The same person by the name of ``other``."""
        last_name, first_name, middle_name = other[:3]
        return self._replace(
            last_name=last_name, first_name=first_name, middle_name=middle_name
        )

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the name in whatever order they are written."""
        name = f"{self.last_name} {self.first_name} {self.middle_name}"
        return tuple(sorted(name.split()))


def judge(one: Identity, other: Identity) -> Verdict:
    """Whether two cards, or a card and a row, are one person's.

    >>> anna = Identity.of("Ким Анна", birthdate=date(1990, 1, 2))
    >>> judge(anna, Identity.of("Анна Ким", birthdate=date(1990, 1, 2))).name
    'SAME'
    >>> judge(anna, anna._replace(birthdate=date(2015, 1, 2))).name
    'OTHER'
    """
    if one.card_number in other.relatives or other.card_number in one.relatives:
        return Verdict.OTHER
    shared = {
        getattr(one, name) == getattr(other, name)
        for name in DOCUMENTS
        if getattr(one, name) and getattr(other, name)
    }
    if shared == {False}:
        return Verdict.OTHER
    if shared:
        # Of two documents one may be mistyped, or a parent's on the child's card. A
        # SNILS is kept for life; passports and policies are changed beside it.
        kept = shared == {True} or bool(one.snils and one.snils == other.snils)
        sure = kept and _may_be_called(one, other)
        return Verdict.SAME if sure else Verdict.DOUBTFUL
    if one.card_number and one.card_number == other.card_number:
        return Verdict.SAME if _may_be_called(one, other) else Verdict.OTHER
    return _judge_by_name(one, other)


def _may_be_called(one: Identity, other: Identity) -> bool:
    """Whether a shared document is believed: people marry, twins are not each other."""
    if one.birthdate and other.birthdate and one.birthdate != other.birthdate:
        return False
    if one.words == other.words:
        return True
    born = one.birthdate and other.birthdate
    first = one.first_name == other.first_name or not (
        one.first_name and other.first_name
    )
    return bool(first and (born or one.last_name == other.last_name))


def _judge_by_name(one: Identity, other: Identity) -> Verdict:
    if one.birthdate and other.birthdate and one.birthdate != other.birthdate:
        return Verdict.OTHER
    born = bool(one.birthdate and one.birthdate == other.birthdate)
    phone = bool(one.phones & other.phones)
    if one.words != other.words:
        return _judge_part_of_name(one, other, born, phone)
    if not (one.first_name and other.first_name):
        # Newborns without a name: twins share all of this.
        return Verdict.DOUBTFUL if born or phone else Verdict.OTHER
    if born or phone:
        return Verdict.SAME
    apart = one.birthdate and other.birthdate or (one.phones and other.phones)
    return Verdict.OTHER if apart else Verdict.DOUBTFUL


def _judge_part_of_name(
    one: Identity, other: Identity, born: bool, phone: bool
) -> Verdict:
    """One of them lacks the patronymic, has changed the family name, or is mistyped."""
    if not one.first_name or not other.first_name:
        newborn = one.last_name == other.last_name and born and phone
        return Verdict.DOUBTFUL if newborn else Verdict.OTHER
    if one.first_name != other.first_name or (
        one.middle_name and other.middle_name and one.middle_name != other.middle_name
    ):
        slip = (born or phone) and _may_be_mistyped(one, other)
        return Verdict.DOUBTFUL if slip else Verdict.OTHER
    if one.last_name == other.last_name:
        if born and phone:
            return Verdict.SAME
        return Verdict.DOUBTFUL if born or phone else Verdict.OTHER
    if phone or born and _may_be_mistyped(one, other):
        return Verdict.DOUBTFUL
    return Verdict.OTHER


def _may_be_mistyped(one: Identity, other: Identity) -> bool:
    """Whether no part of the names differs by more than a slip; one may lack the
    patronymic."""
    return all(
        is_slip(ours, theirs)
        for ours, theirs in zip(one[:3], other[:3], strict=True)
        if ours and theirs
    )


def is_slip(name: str, other: str) -> bool:
    """
    >>> is_slip("екатерина", "екатирина"), is_slip("анна", "инна")
    (True, False)
    """
    pair = sorted((name, other))
    return SequenceMatcher(None, *pair, autojunk=False).ratio() >= SLIP


def tells_nothing_new(row: Identity, card: Identity) -> bool:
    """Whether ``row`` says of a person what ``card`` says, and nothing else."""
    return all(
        getattr(row, name) == getattr(card, name)
        for name in ("words", "birthdate", "phones", *DOCUMENTS)
    )
