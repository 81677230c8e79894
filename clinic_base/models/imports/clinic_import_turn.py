from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Several transactions of one import know of each other; two imports do not.
LOCK = "clinic.import:%s"


class ClinicImportTurn(models.AbstractModel):
    """One import of a kind at a time: two that run side by side do not see whom the
    other writes, and would write everybody twice."""

    _name = "clinic.import.turn"
    _description = "Turn of an import"

    @api.model
    @contextmanager
    def _hold(self, kind):
        """The turn of ``kind`` over several transactions, by the command line.

        :raises UserError: another import has it
        """
        if not self._lock("pg_try_advisory_lock", kind):
            raise UserError(
                self.env._(
                    "Another import of the same kind is under way. Wait for its end,"
                    " and give the same command again."
                )
            )
        try:
            yield
        except UserError:
            self._lock("pg_advisory_unlock", kind)
            raise
        # Of a transaction that failed the server ends the connection, and the turn.
        self._lock("pg_advisory_unlock", kind)

    @api.model
    def _take(self, kind):
        """Whether the turn is had until the end of this transaction."""
        return self._lock("pg_try_advisory_xact_lock", kind)

    @api.model
    def _lock(self, function, kind):
        [(locked,)] = self.env.execute_query(
            SQL(
                "SELECT %s(hashtextextended(%s, 0))",
                SQL.identifier(function),
                LOCK % kind,
            )
        )
        return locked
