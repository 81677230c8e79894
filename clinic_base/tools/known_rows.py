"""What becomes of a row of a file beside the cards that may be the same person's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .identity import Identity, Verdict, judge, tells_nothing_new
from .patient_rows import Reject, Row

# Values of a card that a row of the same person may have otherwise.
COMPARED = ("birthdate", "sex", "email", "snils", "oms_policy", "dms_policy")


class Card(NamedTuple):
    """A card that is there already; ``values`` are those of ``COMPARED``; of one that
    is ``closed`` the person's data may not be used (152-ФЗ, art. 21)."""

    id: int
    identity: Identity
    values: dict[str, str | None]
    closed: bool = False

    @classmethod
    def of_row(cls, row: Row) -> Card:
        """The card that an earlier row of the file becomes."""
        values = {name: getattr(row, name) for name in COMPARED}
        return cls(row.line, row.get_identity()._replace(card_number=""), values)

    def tell(self, row: Row, reason: str, detail: str) -> Reject:
        """What has become of ``row``, which is about this card."""
        # The number of a line is no card's.
        known = self.id if self.identity.card_number else 0
        return Reject(row.line, reason, row.text, detail, card=known)

    def get_place(self) -> str:
        """How people find it: its number, or the line of its row."""
        return self.identity.card_number or f"↑{self.id}"


class Outcome(NamedTuple):
    """``reject`` if the row gets no card, else the cards to be looked at beside it."""

    reject: Reject | None = None
    doubtful: tuple[Card, ...] = ()


def settle(row: Row, cards: Iterable[Card]) -> Outcome:
    """
    * one of ``cards`` is the person's: ``known``, or ``changed`` if it says otherwise
    * another person has the number of the card: ``card_taken``
    * the card is blocked or erased: ``closed``, and no other is made in its stead
    * somebody has to decide: the row gets a card, beside those that may be the same
    """
    mine = row.get_identity()
    verdicts = [(judge(mine, card.identity), card) for card in cards]
    for verdict, card in sorted(verdicts, key=lambda pair: (-pair[0], pair[1].id)):
        known = verdict is Verdict.SAME or (
            verdict is Verdict.DOUBTFUL and tells_nothing_new(mine, card.identity)
        )
        taken = row.card_number and row.card_number == card.identity.card_number
        if card.closed and (known or taken):
            return Outcome(card.tell(row, "closed", card.get_place()))
        if known:
            changed = ", ".join(_find_changes(row, mine, card))
            reason = "changed" if changed else "known"
            detail = " ".join(filter(None, (card.get_place(), changed)))
            return Outcome(card.tell(row, reason, detail))
        if taken:
            return Outcome(card.tell(row, "card_taken", row.card_number))
    doubtful = (card for verdict, card in verdicts if verdict and not card.closed)
    return Outcome(None, tuple(doubtful))


def _find_changes(row: Row, mine: Identity, card: Card) -> list[str]:
    """Names of the values that the row has and the card has not."""
    found = [
        name
        for name in COMPARED
        if getattr(row, name) and getattr(row, name) != card.values[name]
    ]
    return found + ["phone"] * bool(mine.phones - card.identity.phones)
