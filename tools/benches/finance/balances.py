"""F3: balances of many payers, and the first screen of debtors.

All against Odoo's grouping of the same journal items by payer.
"""

from __future__ import annotations

import os
from typing import Any

from clinic_cli.benching import Context
from worlds import copy_rows, pick

from ..schedule.measuring import count_statements, median, result
from ..schedule.world import environment

PAYERS = int(os.environ.get("CLINIC_BENCH_PAYERS", "100000"))
ITEMS_EACH = 3
SCREEN = 80


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F3, of both lists."""
    with environment(database, configuration) as env:
        with context.progress.step("Finance: fill personal accounts"):
            partners = _fill(env)
        with context.progress.step("Finance: balances"):
            return _measure(env, partners)


def _fill(env: Any) -> Any:
    """Payers with two invoices and a payment each."""
    partner = env["res.partner"].create({"name": "Payer"})
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_line_ids": [
                (0, 0, {"name": "Visit", "price_unit": 900, "tax_ids": [(5, 0, 0)]})
            ],
        }
    )
    move.action_post()
    env.flush_all()
    item = move._get_receivable_lines()
    ids = copy_rows(env, "res_partner", partner.id, PAYERS)
    # The check of the foreign key was planned when there were few partners.
    env.cr.execute("ANALYZE res_partner")
    for amount in ("900 + n %% 7", "500", "-1400 + n %% 11"):
        copy_rows(
            env,
            "account_move_line",
            item.id,
            PAYERS,
            partner_id=pick(ids),
            balance=amount,
            amount_currency=amount,
        )
    env.cr.commit()
    env.cr.execute("ANALYZE account_move_line, res_partner")
    env.invalidate_all()
    return env["res.partner"].browse(ids)


def _measure(env: Any, partners: Any) -> list[dict[str, Any]]:
    patients, accounts = env["clinic.patient"], env["clinic.account"]
    domain = [
        ("account_id.account_type", "=", "asset_receivable"),
        ("parent_state", "=", "posted"),
    ]

    def group() -> Any:
        return env["account.move.line"]._read_group(
            domain, ["partner_id"], ["balance:sum"]
        )

    def balance() -> Any:
        return patients._get_balances(partners)

    def list_debtors() -> Any:
        env.invalidate_all()
        return accounts.web_search_read(
            [("balance", "<", 0), ("kind", "=", "private")],
            {"partner_id": {"fields": {"display_name": {}}}, "balance": {}},
            limit=SCREEN,
        )

    plain, ours, debtors = median(group), median(balance), median(list_debtors)
    statements = count_statements(env, balance)
    assert len(list_debtors()["records"]) == min(SCREEN, len(partners))
    ratio, screen = ours / plain, debtors / plain
    return [
        result(
            "F3",
            f"balances of {len(partners)} payers against a plain _read_group",
            ratio,
            "times",
            f"at most 1.5, first {SCREEN} debtors at most 2; one statement",
            ratio <= 1.5 and screen <= 2 and statements == 1,
            f"medians over {len(partners) * ITEMS_EACH} items: _read_group"
            f" {plain:.0f} ms, balances {ours:.0f} ms in {statements} statement(s),"
            f" first {SCREEN} debtors with their names and number {debtors:.0f} ms"
            f" ({screen:.1f} times)",
        )
    ]
