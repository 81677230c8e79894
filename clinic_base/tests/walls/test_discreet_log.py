"""Odoo's log tells what failed without the values of the statement."""

import logging
from io import StringIO

import psycopg2

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...tools.discreet_log import strip_values

CANARY = "Канарейкина +79990001122"


@tagged("post_install", "-at_install")
class TestDiscreetLog(TransactionCase):
    def setUp(self):
        super().setUp()
        self.written = StringIO()
        handler = logging.StreamHandler(self.written)
        handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
        root = logging.getLogger("odoo")
        root.addHandler(handler)
        self.addCleanup(root.removeHandler, handler)

    def fail(self, statement, *values):
        """The error of a statement, and what was logged of it and of its traceback."""
        try:
            with self.env.cr.savepoint():
                self.env.cr.execute(statement, values)
        except psycopg2.Error as error:
            logging.getLogger("odoo.http").warning("Refused: %s", error)
            logging.getLogger("odoo.http").warning(error)
            try:
                raise ValueError("wrapped") from error
            except ValueError:
                logging.getLogger("odoo.http").warning("Failed.", exc_info=True)
        return self.written.getvalue()

    def test_a_failed_statement_is_logged_without_its_values(self):
        for statement, name in (
            ("SELECT id FROM res_partner WHERE missing_column = %s", "missing_column"),
            ("SELECT %s::int", "::int"),
            ("INSERT INTO res_partner (name, age) VALUES (%s, 5)", "res_partner"),
        ):
            logged = self.fail(statement, CANARY)
            self.assertIn(name, logged)
            self.assertIn("wrapped", logged)
            self.assertIn("Traceback", logged)
            for part in CANARY.split():
                self.assertNotIn(part, logged)

    def test_a_duplicate_is_logged_by_its_constraint(self):
        login = f"{CANARY}@clinic"
        insert = (
            "INSERT INTO res_users (login, company_id, partner_id, notification_type)"
            " VALUES (%s, 1, 1, 'email')"
        )
        self.env.cr.execute(insert, [login])
        logged = self.fail(insert, login)
        self.assertIn("UniqueViolation 23505 res_users", logged)
        self.assertIn("res_users_login_key", logged)
        self.assertNotIn(CANARY, logged)

    def test_other_records_are_logged_as_they_are(self):
        with mute_logger("odoo.sql_db"):
            logging.getLogger("odoo.http").warning("%s of %r", 3, "it's")
        self.assertIn('3 of "it\'s"', self.written.getvalue())

    def test_every_kind_of_literal_is_taken_out(self):
        for statement, expected in (
            ("SELECT 'a''b', x1 FROM t2", "SELECT ?, x1 FROM t2"),
            (r"SELECT E'a\'b', 'c\', 12.5e3", "SELECT ?, ?, ?"),
            ("SELECT $$a$$, $x$b$x$ , -1", "SELECT ?, ? , -?"),
            ('SELECT "na\'me" FROM "t" WHERE a IN (1, 2)', None),
            ("SELECT 'cut off", "SELECT ?"),
            (
                "UPDATE t SET x='a'::jsonb WHERE id=7",
                "UPDATE t SET x=?::jsonb WHERE id=?",
            ),
            ("SELECT B'01', N'abc', U&'\\0441'", "SELECT ?, ?, ?"),
        ):
            expected = expected or 'SELECT "na\'me" FROM "t" WHERE a IN (?, ?)'
            self.assertEqual(strip_values(statement), expected)
