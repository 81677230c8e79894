import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

OWNERS = {"clinic.appointment": "appointment_id", "clinic.session": "group_session_id"}


class ClinicLimitClaim(models.Model):
    """One taken place of a limit: a numbered row under a unique index.

    A counter behind a lock would be read from a snapshot older than the wait; a row
    that another transaction has written cannot be written twice whatever was read.
    """

    _name = "clinic.limit.claim"
    _description = "Taken place of a limit"
    _rec_name = "key"

    key = fields.Char(required=True, help="What is limited, e.g. hold:patient:17.")
    number = fields.Integer(required=True)
    appointment_id = fields.Many2one(
        "clinic.appointment", ondelete="restrict", index=True
    )
    group_session_id = fields.Many2one(
        "clinic.session", ondelete="restrict", index="btree_not_null"
    )

    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(appointment_id, group_session_id) = 1)",
        "A place of a limit belongs to one visit or to one session.",
    )
    _number_once = models.UniqueIndex("(key, number)", "The limit is reached.")

    @api.model
    def _claim(self, key, maximum, owner):
        """Take a place of ``key`` for ``owner``, a visit or a group session.

        :return: whether one of the ``maximum`` places was left
        """
        taken = {
            number
            for (number,) in self.env.execute_query(
                SQL("SELECT number FROM clinic_limit_claim WHERE key = %s", key)
            )
        }
        for number in range(1, maximum + 1):
            if number not in taken and self._insert(key, number, owner):
                return True
        return False

    @api.model
    def _insert(self, key, number, owner):
        """Whether the row went in; another transaction may just have taken it."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO clinic_limit_claim (key, number, %s)
                        VALUES (%s, %s, %s)
                        """,
                        SQL.identifier(OWNERS[owner._name]),
                        key,
                        number,
                        owner.id,
                    )
                )
        except psycopg2.errors.UniqueViolation:
            return False
        return True

    @api.model
    def _release(self, owners, prefix=""):
        """Give back the places that ``owners`` hold, of keys with ``prefix``."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM clinic_limit_claim
                 WHERE %s = ANY(%s) AND starts_with(key, %s)
                """,
                SQL.identifier(OWNERS[owners._name]),
                owners.ids,
                prefix,
            )
        )
