"""What the demonstration shows of this module: shifts, and visits that go on."""

from . import answers, fates, filling, hall, roster, sessions, wishes


def plan(world):
    sessions.offer(world)
    roster.write_patterns(world)
    hall.hang_screens(world)


def live(world, span):
    roster.prolong(world, span)
    filling.fill(world, span)
    if filling.is_lively(world, span.stop):
        answers.reply(world, span)
    fates.follow(world, span)
    if span.is_last:
        wishes.wish(world)
