"""Another time for the server, so that the clinic has a past when it is made."""

from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields


class Clock:
    """The clocks of Python and of the transaction, set back and forth.

    For the building of the demonstration alone, when nobody else is served.

    :param now: naive UTC, what the clocks show; the present by default
    """

    def __init__(self, env, now=None):
        self.cr = env.cr
        self.now = now or fields.Datetime.now()

    @contextmanager
    def hold(self):
        """The clocks stand still; :meth:`at` moves them."""
        with (
            freeze_time(self.now) as self._frozen,
            patch.object(self.cr, "now", fields.Datetime.now),
        ):
            yield

    @contextmanager
    def at(self, moment):
        """Meanwhile it is ``moment`` (naive UTC)."""
        self._frozen.move_to(moment)
        try:
            yield
        finally:
            self._frozen.move_to(self.now)
