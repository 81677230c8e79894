"""What the demonstration shows of this module: shifts, and visits that go on."""

from . import fates, filling, roster, wishes


def plan(world):
    roster.write_patterns(world)


def live(world, span):
    roster.prolong(world, span)
    filling.fill(world, span)
    fates.follow(world, span)
    if span.is_last:
        wishes.wish(world)
