"""What the demonstration shows of this module: the network, its people, patients."""

from . import network, patients, services, specialists, staff


def plan(world):
    network.open_branches(world)
    services.offer(world)
    staff.hire(world)
    specialists.hire(world)
    patients.register(world)
