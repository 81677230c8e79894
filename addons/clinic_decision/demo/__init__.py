"""What the demonstration shows of this module: rules that decide, promises, scores."""

from . import decisions


def plan(world):
    decisions.switch_on(world)


def live(world, span):
    if world.now - span.stop < decisions.LATELY:
        decisions.decide(world, span)
    if span.is_last:
        decisions.promise(world)
        decisions.block(world)
        decisions.score(world)
