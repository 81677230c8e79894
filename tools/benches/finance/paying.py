"""F7: statements of the database for the payment of one invoice.

A rendered visit's invoice is paid by Odoo's own dialog. The payment is booked, matched,
its charge is paid and its receipt written; a first payment has warmed the caches.
"""

from __future__ import annotations

from typing import Any

from clinic_cli.benching import Context
from worlds import World

from ..schedule.measuring import result
from ..schedule.world import environment

MOST = 120


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F7."""
    with environment(database, configuration) as env:
        with context.progress.step("Finance: statements of a payment"):
            world = World(env)
            counts = [_pay(world, patient) for patient in world.add_patients(3)]
    return [
        result(
            "F7",
            "statements of paying one invoice",
            counts[-1],
            "statements",
            f"at most {MOST}",
            counts[-1] <= MOST,
            "Odoo's “Register payment” of a rendered visit's invoice, match and receipt"
            f" with it; the first payment of a process takes {counts[0]}",
        )
    ]


def _pay(world: World, patient: Any) -> int:
    """Statements of paying the invoice of one patient."""
    env = world.env
    charge = env["clinic.charge"].create(
        {
            "patient_id": patient.id,
            "payer_id": patient.partner_id.id,
            "service_id": world.service.id,
            "branch_id": world.branch.id,
            "company_id": world.branch.company_id.id,
            "date": "2026-03-02",
            "price": 1500,
        }
    )
    invoice = charge._create_invoices()
    wizard = (
        env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=invoice.ids)
        .create({})
    )
    env.cr.commit()
    env.invalidate_all()
    before = env.cr.sql_log_count
    wizard._create_payments()
    env.flush_all()
    statements = env.cr.sql_log_count - before
    env.cr.commit()
    assert charge.state == "paid", f"{charge} is {charge.state}"
    return statements
