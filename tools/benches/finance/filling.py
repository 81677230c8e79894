"""Copies of a row by SQL, where the filling is not what is measured."""

from __future__ import annotations

from typing import Any


def copy_rows(
    env: Any, table: str, ident: int, count: int, **columns: str
) -> list[int]:
    """``count`` copies of row ``ident``; ids in the order of their numbers.

    :param columns: SQL expressions of columns that differ, with ``n`` (1 to count)
        and the copied row ``t``
    """
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id' AND is_generated = 'NEVER'",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    env.cr.execute(
        f"INSERT INTO {table} ({quoted})"
        f" SELECT {values} FROM {table} t, generate_series(1, %s) n"
        " WHERE t.id = %s ORDER BY n RETURNING id",
        [count, ident],
    )
    return [row[0] for row in env.cr.fetchall()]


def pick(ids: list[int]) -> str:
    """SQL expression: the ``n``-th of ``ids``, which begin anew when they end."""
    listed = ", ".join(map(str, ids))
    return f"(ARRAY[{listed}])[(n - 1) %% {len(ids)} + 1]"
