"""What the demonstration shows of this module: records that specialists wrote."""

from . import protocols, templates


def plan(world):
    templates.publish(world)


def live(world, span):
    protocols.write(world, span)
