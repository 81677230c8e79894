"""F2: automatic matching against Odoo's reconciliation of the same pairs.

Each payer has one invoice and one payment of the same sum, filled by SQL as Odoo has
posted the first of them. Ours finds the payers and the pairs and writes the log; Odoo's
side is told the pairs and gets batches of the same size.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from clinic_cli.benching import Context
from worlds import copy_rows, pick

from ..schedule.measuring import result
from ..schedule.world import environment

PAYMENTS = int(os.environ.get("CLINIC_BENCH_PAYMENTS", "1000"))
ROUNDS = int(os.environ.get("CLINIC_BENCH_ROUNDS", "3"))
PRICE = 1500.0


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F2."""
    with environment(database, configuration) as env:
        with context.progress.step("Finance: matching"):
            books = Books(env)
            ours, plain = [], []
            for _round in range(ROUNDS):
                plain.append(books.match_plainly())
                ours.append(books.match())
    mine, theirs = statistics.median(ours), statistics.median(plain)
    ratio = mine / theirs
    return [
        result(
            "F2",
            f"matching of {PAYMENTS} payments against Odoo's _reconcile_plan",
            ratio,
            "times",
            "at most 1.3",
            ratio <= 1.3,
            f"median of {ROUNDS}: cron with search, rules and log"
            f" {mine / PAYMENTS * 1000:.1f} ms a payment; _reconcile_plan of known"
            f" pairs in batches of the same size {theirs / PAYMENTS * 1000:.1f} ms",
        )
    ]


class Books:
    """Payers with a payment and an invoice each."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.patients = env["clinic.patient"].create(
            [{"name": f"Patient {number}"} for number in range(PAYMENTS)]
        )
        self.partners = self.patients.partner_id.ids
        # The first payment and the first invoice must not find each other.
        patient, other = env["clinic.patient"].create(
            [{"name": "First"}, {"name": "Second"}]
        )
        self.invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": patient.partner_id.id,
                "clinic_patient_id": patient.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {"name": "Visit", "price_unit": PRICE, "tax_ids": [(5, 0, 0)]},
                    )
                ],
            }
        )
        money = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "amount": PRICE,
        }
        # A patient's is an advance until it is matched; Odoo's own is at once where it
        # will be.
        stranger = env["res.partner"].create({"name": "Third"})
        self.payment, self.plain_payment = env["account.payment"].create(
            [
                {
                    **money,
                    "partner_id": other.partner_id.id,
                    "clinic_patient_id": other.id,
                },
                {**money, "partner_id": stranger.id},
            ]
        )
        self.invoice.action_post()
        (self.payment | self.plain_payment).action_post()
        env.flush_all()

    def match(self) -> float:
        """Seconds of the cron."""
        moves = self._fill(self.payment)
        started = time.perf_counter()
        self.env["clinic.match"]._cron_match()
        seconds = time.perf_counter() - started
        self._check(moves)
        return seconds

    def match_plainly(self) -> float:
        """Seconds of Odoo for pairs that it is told."""
        from odoo.addons.clinic_finance.models.matching.clinic_match_run import BATCH

        moves = self._fill(self.plain_payment)
        items = self.env["account.move.line"]
        pairs = [
            items.browse([line.id for line in lines])
            for lines in items.search(
                [
                    ("move_id", "in", moves),
                    ("account_id.account_type", "=", "asset_receivable"),
                ]
            )
            .grouped("partner_id")
            .values()
        ]
        self.env.invalidate_all()
        started = time.perf_counter()
        for first in range(0, len(pairs), BATCH):
            items._reconcile_plan(pairs[first : first + BATCH])
            self.env.cr.commit()
        seconds = time.perf_counter() - started
        self._check(moves)
        return seconds

    def _fill(self, payment: Any) -> list[int]:
        """Entries of as many new invoices and payments, copies of ``payment``."""
        patients = pick(self.patients.ids)
        partners = pick(self.partners)
        payments = copy_rows(
            self.env,
            "account_payment",
            payment.id,
            PAYMENTS,
            name="t.name || '-' || nextval('account_payment_id_seq')",
            partner_id=partners,
            clinic_patient_id=patients,
        )
        moves = []
        for source, origin in (
            (payment.move_id, pick(payments)),
            (self.invoice, "NULL"),
        ):
            copies = copy_rows(
                self.env,
                "account_move",
                source.id,
                PAYMENTS,
                name="t.name || '-' || nextval('account_move_id_seq')",
                partner_id=partners,
                commercial_partner_id=partners,
                clinic_patient_id=patients,
                origin_payment_id=origin,
                sequence_number="0",
            )
            for line in source.line_ids:
                copy_rows(
                    self.env,
                    "account_move_line",
                    line.id,
                    PAYMENTS,
                    move_id=pick(copies),
                    partner_id=partners,
                    clinic_patient_id=patients,
                    payment_id=origin,
                )
            if source != self.invoice:
                self.env.cr.execute(
                    "UPDATE account_payment payment SET move_id = move.id"
                    "  FROM account_move move"
                    " WHERE move.origin_payment_id = payment.id"
                    "   AND payment.id = ANY(%s)",
                    [payments],
                )
            moves += copies
        self.env.cr.commit()
        self.env.invalidate_all()
        self.env.cr.execute("ANALYZE account_move_line, account_move, account_payment")
        return moves

    def _check(self, moves: list[int]) -> None:
        left = self.env["account.move.line"].search_count(
            [
                ("move_id", "in", moves),
                ("account_id.account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        assert not left, f"{left} items are not matched"
