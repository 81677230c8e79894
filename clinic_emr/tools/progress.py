"""How far a plan has come: services done are counted to its stages in their order."""

from collections.abc import Iterable, Mapping


def allocate(
    wanted: Iterable[tuple[int, int, float]], done: Mapping[int, float]
) -> list[float]:
    """How much of each line is done.

    :param wanted: ``(stage, service, quantity)`` of each line
    :param done: times that each service was given
    :return: times done per line, in the order of ``wanted``, never above its quantity
    """
    lines = list(wanted)
    left = dict(done)
    counted = [0.0] * len(lines)
    for index in sorted(range(len(lines)), key=lambda place: lines[place][0]):
        _stage, service, quantity = lines[index]
        counted[index] = min(quantity, left.get(service, 0))
        left[service] = left.get(service, 0) - counted[index]
    return counted
