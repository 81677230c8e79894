"""Committed data for tests with several real transactions; removed afterwards."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger


class CommittedCase(BaseCase):
    """What a test class commits is removed at its end, by id."""

    # Tables that a test class commits to, in the order in which rows are removed.
    tables = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        # The thread that runs the tests keeps the registry's lock for itself.
        lock = patch.object(Registry, "_lock", threading.RLock())
        lock.start()
        cls.addClassCleanup(lock.stop)
        with cls.registry.cursor() as cr:
            cls.before = cls.get_last_ids(cr)
            cls.addClassCleanup(cls.remove)
            cls.create_data(api.Environment(cr, SUPERUSER_ID, {}))

    @classmethod
    def get_tables(cls):
        return cls.tables

    @classmethod
    def get_last_ids(cls, cr):
        last = {}
        for table in cls.get_tables():
            cr.execute(
                SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(table))
            )
            [last[table]] = cr.fetchone()
        return last

    @classmethod
    def remove(cls):
        """Physically, and only here: no record of the product can be deleted."""
        with cls.registry.cursor() as cr:
            for table in cls.get_tables():
                cr.execute(f"DELETE FROM {table} WHERE id > %s", [cls.before[table]])

    @contextmanager
    def open(self):
        """A transaction of its own, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def create_data(cls, env):
        """What all tests of the class need."""

    def run_together(self, calls):
        """Results or exceptions of calls(env) that start at the same moment."""
        barrier = threading.Barrier(len(calls))
        results = [None] * len(calls)

        def run(number, call):
            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env.cr.execute("SELECT 1")  # takes the snapshot
                    barrier.wait(timeout=30)
                    results[number] = call(env)
            except Exception as error:
                results[number] = error

        threads = [
            threading.Thread(target=run, args=pair, daemon=True)
            for pair in enumerate(calls)
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        return results
