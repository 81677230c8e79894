"""Which rule acts on which visit, and who of a role gets the tasks.

Rules are asked in their order. On one day a visit gets each kind of action once, from
the first rule that asks for it; a rule that says *stop* lets no later rule near the
visits that it met on that day. What was decided earlier on the same day counts, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

STOP = "stop"


@dataclass(frozen=True)
class Rule:
    """A rule with the kinds of its actions, in their order, by number of action."""

    ident: int
    actions: tuple[tuple[int, str], ...]
    stops: bool = False


@dataclass(frozen=True)
class Occasion:
    """A rule meets a visit on ``day`` (UTC), on the occasion that ``key`` names."""

    rule: int
    visit: int
    day: date
    key: str


@dataclass(frozen=True)
class Decision:
    """Action number ``action``, of ``kind``, is to be done on an occasion."""

    occasion: Occasion
    action: int
    kind: str


Taken = tuple[int, date, str]


def decide(
    rules: Iterable[Rule],
    met: Collection[Occasion],
    taken: Iterable[Taken] = (),
) -> list[Decision]:
    """What is to be done about the occasions whose conditions hold.

    :param rules: in the order in which they are asked
    :param met: occasions on which the rule's condition holds
    :param taken: (visit, day, kind of action) decided before, or kind ``STOP``
    """
    taken = set(taken)
    by_rule: dict[int, list[Occasion]] = {}
    for occasion in met:
        by_rule.setdefault(occasion.rule, []).append(occasion)
    decisions = []
    for rule in rules:
        stopped = set()
        for occasion in by_rule.get(rule.ident, ()):
            visit, day = occasion.visit, occasion.day
            if (visit, day, STOP) in taken:
                continue
            for action, kind in rule.actions:
                if (visit, day, kind) not in taken:
                    taken.add((visit, day, kind))
                    decisions.append(Decision(occasion, action, kind))
            if rule.stops:
                stopped.add((visit, day, STOP))
        taken |= stopped
    return decisions


def hand_out(
    branches: Sequence[int],
    members: Mapping[int, Collection[int]],
    open_tasks: Mapping[int, int],
) -> list[int | None]:
    """For each task, by its branch, the member who gets it; None where nobody does.

    Those who work at the branch go before those who work everywhere; of several, who
    has the fewest open tasks, the new ones included, then who has the lowest number.

    :param members: branches at which each works; none is everywhere
    :param open_tasks: how many each has; who is missing has none
    """
    load = {member: open_tasks.get(member, 0) for member in members}
    chosen = []
    for branch in branches:
        there = [member for member in members if branch in members[member]]
        there = there or [member for member in members if not members[member]]
        member = min(there, key=lambda one: (load[one], one), default=None)
        if member is not None:
            load[member] += 1
        chosen.append(member)
    return chosen
