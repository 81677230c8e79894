"""SQL of the suite's own over tables that the ORM writes too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from odoo.api import Environment
from odoo.tools import SQL


def fetch(
    env: Environment, models: Iterable[str], statement: SQL
) -> list[tuple[Any, ...]]:
    """Rows of ``statement``, which reads the tables of ``models``.

    What the ORM has not written yet is written first: the models are named where the
    statement is, and nowhere else. Without rows: an empty list.
    """
    for name in models:
        env[name].flush_model()
    return env.execute_query(statement)
