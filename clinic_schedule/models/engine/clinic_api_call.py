from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import TooManyCallsError

WINDOW = timedelta(minutes=1)
KEPT = timedelta(days=1)


class ClinicApiCall(models.Model):
    """One call of another site's key, counted so that no key can drown the clinic.

    Rows of a sliding minute rather than a counter: two calls at once would wait for
    each other on a counter, and one of them would have to be tried again. What is
    counted at the same moment is not seen, so that a limit may be passed by as many
    calls as the server has workers.
    """

    _name = "clinic.api.call"
    _description = "Call of the booking interface"
    _order = "called_at desc, id desc"
    _rec_name = "kind"

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    kind = fields.Selection([("search", "Search"), ("book", "Booking")], required=True)
    called_at = fields.Datetime(required=True)

    _recent = models.Index("(user_id, kind, called_at)")

    @api.model
    def _count(self, kind, maximum):
        """Count a call of the present user, by the database's clock.

        Refused calls are not counted, so that a key that waits is let in again.

        :param kind: "search" or "book"
        :param maximum: calls a minute
        :raises TooManyCallsError: with the seconds to wait
        """
        now = self.env.cr.now()
        [(calls, oldest)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), min(called_at)
                  FROM clinic_api_call
                 WHERE user_id = %s AND kind = %s AND called_at > %s
                """,
                self.env.uid,
                kind,
                now - WINDOW,
            )
        )
        if calls >= maximum:
            wait = max(1, int((oldest + WINDOW - now).total_seconds()) + 1)
            raise TooManyCallsError(
                self.env._(
                    "More than %(maximum)s calls a minute. Try again in %(wait)s"
                    " seconds.",
                    maximum=maximum,
                    wait=wait,
                ),
                wait,
            )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_api_call (user_id, kind, called_at)
                VALUES (%s, %s, %s) RETURNING id
                """,
                self.env.uid,
                kind,
                now,
            )
        )

    @api.autovacuum
    def _drop_old(self):
        """Technical rows: what is older than a day limits nothing."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM clinic_api_call WHERE called_at < %s",
                self.env.cr.now() - KEPT,
            )
        )
