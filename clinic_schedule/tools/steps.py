"""What follows a change: steps of several rooms, in an order that stands here alone.

The engine names no room above it. A room marks its method with the step that it is; the
engine runs the steps of an event. Other modules extend the hooks that run after them.
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., None])


class AfterState(IntEnum):
    """Visits have gone from one state to another (old, None when new; new)."""

    FREE_TIME = 1
    TELL_PATIENT = 2
    TELL_SPECIALIST = 3


class AfterMove(IntEnum):
    """A visit has another time, specialist or room (its former place)."""

    TELL_PATIENT = 1
    FREE_TIME = 2
    TELL_SPECIALIST = 3


class News(IntEnum):
    """Patients are to hear of their visits (purpose; naive UTC before which nothing
    is sent, None is at once)."""

    TELL_PATIENT = 1


class AfterFreed(IntEnum):
    """Time that was taken may be had again."""

    WAKE_WAITING = 1


def step(number: IntEnum) -> Callable[[Method], Method]:
    """Mark a model's method as the step ``number`` of its event."""

    def mark(method: Method) -> Method:
        method._clinic_step = number
        return method

    return mark


def run_steps(records: Any, event: type[IntEnum], *args: Any) -> None:
    """Run all steps of ``event`` on ``records``, in their order."""
    steps = {
        number: name
        for base in type(records).__mro__
        for name, method in vars(base).items()
        if isinstance(number := getattr(method, "_clinic_step", None), event)
    }
    for number in sorted(steps):
        getattr(records, steps[number])(*args)
