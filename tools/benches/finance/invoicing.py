"""F1: a night's invoicing of visits against plain invoices of Odoo.

Both sides make and post as many invoices of one line for the same payers, in batches
of the same size, with a commit after each. Ours also price nothing any more (that was
at booking), but read the charges, mark them and put a payment link into the outbox.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from clinic_cli.benching import Context
from worlds import World

from ..schedule.measuring import result
from ..schedule.world import environment

VISITS = int(os.environ.get("CLINIC_BENCH_VISITS", "1000"))
ROUNDS = int(os.environ.get("CLINIC_BENCH_ROUNDS", "3"))
PRICE = 1500.0


def measure(
    context: Context, database: str, configuration: str
) -> list[dict[str, Any]]:
    """F1."""
    with environment(database, configuration) as env:
        with context.progress.step("Finance: a night's invoicing"):
            night = Night(env)
            ours, plain = [], []
            for number in range(ROUNDS):
                ours.append(night.invoice_charges(number))
                plain.append(night.invoice_plainly())
    mine, theirs = statistics.median(ours), statistics.median(plain)
    ratio = mine / theirs
    return [
        result(
            "F1",
            f"a night's invoicing of {VISITS} visits against plain invoices",
            ratio,
            "times",
            "at most 1.3",
            ratio <= 1.3,
            f"median of {ROUNDS}: cron from charges to posted invoices and links"
            f" {mine:.1f} s; create and _post of the same invoices {theirs:.1f} s",
        )
    ]


class Night(World):
    """Visits that are done, not invoiced yet, each of another patient."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.specialist = self.add_specialists(1)
        self.patients = self.add_patients(VISITS)
        env.flush_all()

    def invoice_charges(self, number: int) -> float:
        """Seconds of the cron for a night of charges."""
        visits = self._fill_visits()
        charges = self.env["clinic.charge"].create(
            [
                {
                    "patient_id": patient.id,
                    "payer_id": patient.partner_id.id,
                    "appointment_id": visit,
                    "service_id": self.service.id,
                    "specialist_id": self.specialist.id,
                    "branch_id": self.branch.id,
                    "company_id": self.branch.company_id.id,
                    "date": "2020-01-06",
                    "price": PRICE,
                }
                for patient, visit in zip(self.patients, visits, strict=True)
            ]
        )
        self._settle()
        started = time.perf_counter()
        self.env["clinic.charge"]._cron_invoice()
        seconds = time.perf_counter() - started
        left = charges.filtered(lambda charge: charge.state != "invoiced")
        assert not left, f"round {number}: {len(left)} charges without an invoice"
        return seconds

    def invoice_plainly(self) -> float:
        """Seconds of Odoo for as many invoices, made and posted in the same batches."""
        from odoo.addons.clinic_finance.models.invoicing import clinic_charge_invoicing

        batch = clinic_charge_invoicing.BATCH

        self._settle()
        started = time.perf_counter()
        for first in range(0, VISITS, batch):
            invoices = self.env["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": patient.partner_id.id,
                        "invoice_date": "2026-01-06",
                        "invoice_line_ids": [
                            (
                                0,
                                0,
                                {
                                    "product_id": self.service.id,
                                    "name": "Services of the clinic",
                                    "quantity": 1,
                                    "price_unit": PRICE,
                                },
                            )
                        ],
                    }
                    for patient in self.patients[first : first + batch]
                ]
            )
            invoices._post()
            self.env.cr.commit()
        return time.perf_counter() - started

    def _fill_visits(self) -> list[int]:
        return self.add_visits(
            """
            SELECT %(specialist)s AS specialist_id, NULL::int AS room_id,
                   patient AS patient_id, '2020-01-06 09:00'::timestamp AS start,
                   '2020-01-06 09:30'::timestamp AS stop, 'done' AS state
              FROM unnest(%(patients)s) patient
            """,
            roles=(),
            specialist=self.specialist.id,
            patients=self.patients.ids,
        )

    def _settle(self) -> None:
        self.env.cr.commit()
        self.env.invalidate_all()
