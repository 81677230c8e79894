from contextlib import contextmanager

import psycopg2.errors

from odoo import api, models

from ...exceptions import BookingBusyError
from ...tools.patience import RESET


class ClinicAppointment(models.Model):
    """Nobody waits long behind a transaction that somebody has left open."""

    _inherit = "clinic.appointment"

    @contextmanager
    def _waiting_briefly(self):
        """A savepoint whose statements wait for each lock two seconds at most.

        Advisory locks, rows and the exclusion constraints alike; two of them in a row
        still leave the worker in time.

        :raises BookingBusyError: nothing is written, and its locks are given back
        """
        with self._giving_up_soon():
            self.env.cr.execute("SET LOCAL lock_timeout = '2s'")
            yield

    @contextmanager
    def _giving_up_soon(self):
        """A savepoint in which ``lock_timeout`` is set, and after which it is not.

        A wait that is too long ends in a UserError: Odoo would try a lock that is not
        available five times. Rolling back to the savepoint takes the setting back too.

        :raises BookingBusyError: see :meth:`_waiting_briefly`
        """
        try:
            with self.env.cr.savepoint():
                yield
                self.env.flush_all()
                self.env.cr.execute(RESET)
        except (
            psycopg2.errors.LockNotAvailable,
            psycopg2.errors.QueryCanceled,
        ) as error:
            raise self._prepare_busy() from error

    @api.model
    @contextmanager
    def _get_fresh_view(self):
        """``self`` as committed by now; the own snapshot may be older."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))

    def _prepare_busy(self, slots=()):
        return BookingBusyError(
            self.env._(
                "Somebody else is booking here at this very moment. Please try again."
            ),
            slots,
        )
