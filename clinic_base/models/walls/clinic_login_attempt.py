import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

WINDOW = timedelta(minutes=15)
# How long an address is known to be a login's own, and how long attempts are kept.
KNOWN = timedelta(days=30)
# Failures in the window that cost nothing yet: of a login at an address; of a login,
# and of an address, where the two have not met in a success.
FREE_TOGETHER = 5
FREE_LOGIN = 20
FREE_ADDRESS = 60
FIRST_WAIT = 5  # seconds, doubled by each further failure
LONGEST_WAIT = 60


class ClinicLoginAttempt(models.Model):
    """One attempt to sign in, by whatever way; never the password.

    A guess is slowed by login and address together, so that a guest in the hall, who
    has the address of the whole branch, delays one login by a minute at most. A login
    that is tried from everywhere and an address that tries every login are slowed too,
    but not where that login has signed in from that address before.

    What was typed as a login is kept as a hash: people type passwords there.
    """

    _name = "clinic.login.attempt"
    _description = "Attempt to sign in"
    _order = "attempted_at desc, id desc"
    _rec_name = "address"

    key = fields.Char(required=True, readonly=True, help="Hash of what was typed.")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="cascade")
    address = fields.Char(required=True, readonly=True)
    attempted_at = fields.Datetime(required=True, readonly=True)
    succeeded = fields.Boolean(readonly=True)

    _by_key = models.Index("(key, attempted_at)")
    _by_address = models.Index("(address, attempted_at)")

    @api.model
    def _begin(self, login, address, user_id=None):
        """Count an attempt before it is made, so that many at once are counted too.

        In a transaction of its own: what fails is rolled back, its trace is not.

        :return: (id of the attempt, 0), or (None, seconds to wait)
        """
        key = self._hash(login)
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr))
            cr.execute(
                SQL(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                    f"{key} {address}",
                )
            )
            if wait := fresh._get_wait(key, address):
                return None, wait
            return fresh._insert(key, address, user_id, succeeded=False), 0

    @api.model
    def _succeed(self, attempt_id):
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE clinic_login_attempt SET succeeded = TRUE WHERE id = %s",
                    attempt_id,
                )
            )

    @api.model
    def _note(self, login, address, succeeded, user_id=None):
        """Keep an attempt that is over; of successes one a day is enough."""
        key = self._hash(login)
        if succeeded and self._is_known(key, address, timedelta(days=1)):
            return
        with self.env.registry.cursor() as cr:
            fresh = self.with_env(self.env(cr=cr))
            fresh._insert(key, address, user_id, succeeded)

    @api.model
    def _get_wait(self, key, address):
        """Seconds until the next attempt, 0 for now; by the database's clock."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH recent AS (
                    SELECT key, address, attempted_at
                      FROM clinic_login_attempt
                     WHERE (key = %(key)s OR address = %(address)s)
                       AND attempted_at > %(since)s
                       AND NOT succeeded
                ), met AS (
                    SELECT COALESCE(max(attempted_at), '-infinity') AS last
                      FROM clinic_login_attempt
                     WHERE key = %(key)s AND address = %(address)s AND succeeded
                )
                SELECT count(*) FILTER (
                           WHERE key = %(key)s AND address = %(address)s
                             AND attempted_at > met.last),
                       count(*) FILTER (WHERE key = %(key)s),
                       count(*) FILTER (WHERE address = %(address)s),
                       extract(epoch FROM now() AT TIME ZONE 'utc'
                           - max(attempted_at) FILTER (
                               WHERE key = %(key)s AND address = %(address)s)),
                       extract(epoch FROM now() AT TIME ZONE 'utc'
                           - max(attempted_at))
                  FROM recent, met
                """,
                key=key,
                address=address,
                since=self._now() - WINDOW,
            )
        )
        [(together, by_login, by_address, last, last_of_any)] = rows
        waits = [_wait(together - FREE_TOGETHER, last)]
        if not self._is_known(key, address, KNOWN):
            others = max(by_login - FREE_LOGIN, by_address - FREE_ADDRESS)
            waits.append(_wait(others, last_of_any))
        return max(waits)

    @api.model
    def _is_known(self, key, address, age):
        [(known,)] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT FROM clinic_login_attempt
                     WHERE key = %s AND address = %s AND succeeded
                       AND attempted_at > %s)
                """,
                key,
                address,
                self._now() - age,
            )
        )
        return known

    @api.model
    def _insert(self, key, address, user_id, succeeded):
        """A user that another transaction is making just now stays unnamed."""
        [(attempt_id,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_login_attempt
                       (key, address, user_id, attempted_at, succeeded)
                VALUES (%s, %s, (SELECT id FROM res_users WHERE id = %s), %s, %s)
                RETURNING id
                """,
                key,
                address,
                user_id,
                self._now(),
                succeeded,
            )
        )
        return attempt_id

    def _now(self):
        return self.env.cr.now()

    @api.model
    def _hash(self, login):
        return hashlib.sha256(str(login).strip().lower().encode()).hexdigest()

    @api.autovacuum
    def _drop_old(self):
        """Technical rows: what is older limits nothing."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM clinic_login_attempt WHERE attempted_at < %s",
                self._now() - KNOWN,
            )
        )


def _wait(excess, passed):
    """Seconds that are left of the wait after ``excess`` failures beyond the free ones,
    the last of them ``passed`` seconds ago."""
    if excess < 0 or passed is None:
        return 0
    wait = min(FIRST_WAIT * 2 ** min(excess, 10), LONGEST_WAIT)
    return max(0, -int(-(wait - float(passed)) // 1))
