"""A transaction that somebody left open keeps nobody's worker: whoever wants its rows
is told to try again."""

from __future__ import annotations

import time
from contextlib import contextmanager

import psycopg2
import pytest
from demo_clinic import RefusedError

# Seconds in which everybody has an answer: one wait, on a busy machine.
SOON = 20
# Model: who changes it, and a field that may be written as it is.
HELD = {
    "clinic.patient": ("registrar", "name"),
    "clinic.room": ("admin", "floor"),
    "clinic.shift": ("admin", "stop"),
}


@contextmanager
def held(postgresql, database, table, ident):
    """Somebody has changed a row and does not come to an end."""
    connection = psycopg2.connect(
        host=postgresql.host,
        port=postgresql.port,
        user=postgresql.user,
        password=postgresql.password,
        dbname=database,
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", [ident])
            yield
    finally:
        connection.rollback()
        connection.close()


@pytest.mark.parametrize("model", HELD)
def test_who_wants_what_is_held_is_told_soon(clinic, postgresql, model):
    login, field = HELD[model]
    [ident] = clinic.call(login, model, "search", [], limit=1, order="id desc")
    [row] = clinic.call(login, model, "read", [ident], [field])
    table = model.replace(".", "_")
    with held(postgresql, clinic.server.database, table, ident):
        began = time.monotonic()
        with pytest.raises(RefusedError, match="рямо сейчас|at this very moment"):
            clinic.call(login, model, "write", [ident], {field: row[field]})
        assert time.monotonic() - began < SOON
    assert clinic.call(login, model, "write", [ident], {field: row[field]})
