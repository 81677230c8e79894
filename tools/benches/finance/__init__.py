"""Finance: how fast money is counted, and that no payment is counted twice.

=========  ====================================================================
invoicing  F1, a night's invoicing against plain invoices of Odoo
matching   F2, payments find their invoices
balances   F3, personal accounts and debtors
deciding   F4, a pass of the rules over all coming visits
webhooks   F5, a storm of notices of the payment provider on a real server
states     F6, random events against a model in plain Python
paying     F7, statements of paying one invoice
=========  ====================================================================
"""

from __future__ import annotations

from typing import Any

from clinic_cli import databases, odoo
from clinic_cli.benching import Context

from . import balances, deciding, invoicing, matching, paying, states, webhooks

PARTS = (invoicing, matching, balances, deciding, webhooks, states, paying)


def run(context: Context) -> list[dict[str, Any]]:
    """All figures of the target table, each part on a database of its own."""
    configuration = str(odoo.configure(context.server))
    template = databases.ensure_suite_template(context.server, context.progress)
    results = []
    for part in PARTS:
        with databases.scratch(context.server, template) as database:
            results += part.measure(context, database, configuration)
    return sorted(results, key=lambda result: int(result["id"][1:]))
