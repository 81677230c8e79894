"""Refusals of the scheduling engine, one class each; users see all but the first."""

from odoo.exceptions import UserError


class NotFreeError(Exception):
    """Wanted starts (``args[0]``, naive UTC) are not among those that can be had."""


class SlotTakenError(UserError):
    """Somebody else has the time. ``context['slots']`` carries the next best ones."""

    http_status = 409  # Conflict

    def __init__(self, message, slots=()):
        super().__init__(message)
        self.context = {"slots": list(slots)}


class BookingBusyError(SlotTakenError):
    """Somebody else's booking is not finished yet; the same may succeed in a moment."""


class SlotRefusedError(UserError):
    """The time breaks a rule: no shift, too short, wrong age, too late to book…"""

    def __init__(self, message, slots=()):
        super().__init__(message)
        self.context = {"slots": list(slots)}


class SeriesClashError(UserError):
    """Some dates of a series cannot be had. ``context['clashes']`` lists them.

    Each clash is ``{date, start, reason, alternatives}``.
    """

    def __init__(self, message, clashes):
        super().__init__(message)
        self.context = {"clashes": clashes}


class StateMoveError(UserError):
    """The visit cannot go from its present state to the asked one."""


class BookingLimitError(UserError):
    """A limit is reached: holds per phone, visits of a kind per day."""


class TooManyCallsError(UserError):
    """A site calls too often. ``context['retry_after']``: how many seconds to wait."""

    http_status = 429  # Too Many Requests

    def __init__(self, message, retry_after):
        super().__init__(message)
        self.context = {"retry_after": retry_after}
