"""What the demonstration shows of this module: a till, its shifts and sales."""

from . import till


def plan(world):
    till.set_up(world)


def live(world, span):
    till.work(world, span)
