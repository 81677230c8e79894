"""How long one booking may wait for others, in all."""

import time

# Leaves a worker that waits as long an answer in five seconds.
PATIENCE = 3.0
# What is left for a lock that is free at once.
LEAST = 0.5
# Ends the limits of a savepoint in what follows it.
RESET = "SET LOCAL lock_timeout TO DEFAULT; SET LOCAL statement_timeout TO DEFAULT"


class Deadline:
    """Time that several waits share; it runs from the first one on."""

    def __init__(self, seconds: float = PATIENCE):
        self._seconds = seconds
        self._ends = None

    def get_timeout(self) -> str:
        """What is left, as PostgreSQL reads it; never nothing, which has no end."""
        now = time.monotonic()
        if self._ends is None:
            self._ends = now + self._seconds
        return f"{int(max(self._ends - now, LEAST) * 1000)}ms"


def execute_waiting(cr, query: str, params: list, deadline: Deadline) -> None:
    """Run ``query``, which may wait for several locks, within ``deadline``.

    In a savepoint, which takes the settings back if it fails; they stay for what is
    written next, until its end resets them.

    :raises psycopg2.errors.LockNotAvailable, psycopg2.errors.QueryCanceled: too long
    """
    left = deadline.get_timeout()
    # The one ends each wait, the other all of a statement together.
    limits = "SET LOCAL lock_timeout = %s; SET LOCAL statement_timeout = %s;"
    cr.execute(limits + query, [left, left, *params])
