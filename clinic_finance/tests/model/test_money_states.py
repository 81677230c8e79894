"""Random events leave the product's money where a model in plain Python says.

A few short runs every day; ``CLINIC_MONEY_EXAMPLES`` and ``CLINIC_MONEY_STEPS`` set how
many and how long. ``./clinic bench finance`` runs it for longer (F6).
"""

import logging
import os
from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo import Command, fields
from odoo.tests import tagged

from ..common import FinanceCommon
from .machine import Till

_logger = logging.getLogger(__name__)

EXAMPLES = int(os.environ.get("CLINIC_MONEY_EXAMPLES", "4"))
STEPS = int(os.environ.get("CLINIC_MONEY_STEPS", "25"))


class MoneyCommon(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.branch.company_id
        cls.third_patient = cls.create_patient("Small Ivanov")
        cls.let_pay(cls.patient, cls.third_patient)
        cls.patients = cls.patient | cls.other_patient | cls.third_patient
        insurer = cls.env["res.partner"].create({"name": "Insurer"})
        cls.source = cls.env["clinic.payment.source"].create(
            {"name": "Policy", "partner_id": insurer.id, "copay_percent": 20}
        )
        cls.payers = {
            cls.patient.partner_id: "ivanov",
            cls.other_patient.partner_id: "sidorova",
            insurer: "insurer",
        }
        cls.monthly = cls.create_service(
            "Massage", 30, list_price=1000.35, clinic_invoicing="monthly"
        )
        cls.taxed = cls.create_service("Make-up", 30, list_price=1500)
        cls.taxed.taxes_id = cls.env["account.tax"].create(
            {
                "name": "22 %",
                "amount": 22,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
            }
        )
        cls.monthly.taxes_id = False
        cls.services = cls.service | cls.monthly | cls.taxed
        cls.prices = {
            cls.service: (300000, 300000),
            cls.monthly: (100035, 100035),
            cls.taxed: (150000, 183000),
        }
        cls.specialists = cls.specialist | cls.other_specialist
        for specialist in cls.specialists:
            specialist.service_line_ids = [
                Command.create({"product_id": service.id})
                for service in cls.monthly | cls.taxed
            ]
        cls.company._get_advance_account()

    # === EVENTS === #

    def get_day(self, moment):
        return fields.Datetime.context_timestamp(
            self.branch.with_context(tz=self.branch.tz), moment
        ).date()

    def get_payer(self, name):
        return next(partner for partner, known in self.payers.items() if known == name)

    def book_on(self, day, clock, patient, service, specialist, **vals):
        """A visit of a day that has shifts from then on."""
        start = self.at(day, clock)
        if not self.env["clinic.shift"].search_count(
            [
                ("specialist_id", "=", specialist.id),
                ("start", "<=", start),
                ("stop", ">", start),
            ]
        ):
            self.create_shift(specialist, day)
        visit_id = self.visits.book(
            {
                "service_id": service.id,
                "specialist_id": specialist.id,
                "patient_id": patient.id,
                "start": fields.Datetime.to_string(start),
                **vals,
            }
        )
        return self.visits.browse(visit_id)

    def take(self, charges, amount, payer, patient, only_patient=False):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": payer.id,
                "clinic_patient_id": patient.id,
                "clinic_charge_ids": [Command.set(charges.ids)],
                "clinic_only_patient": only_patient,
                "company_id": self.company.id,
                "amount": amount,
            }
        )
        payment.action_post()
        return payment

    # === THE BOOKS === #

    def read_accounts(self):
        """(balances, what of them lies among the advances) by payer, in kopecks."""
        balances, advances = Counter(), Counter()
        for partner, account, amount in self.env["account.move.line"]._read_group(
            [
                ("partner_id", "in", [one.id for one in self.payers]),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            ["partner_id", "account_id"],
            ["balance:sum"],
        ):
            name = self.payers[partner]
            balances[name] -= round(amount * 100)
            if account == self.company.clinic_advance_account_id:
                advances[name] -= round(amount * 100)
        return balances, advances

    def read_revenue(self):
        """Revenue by (year, month), in kopecks."""
        rows = self.env["account.move.line"]._read_group(
            [
                ("clinic_charge_id.patient_id", "in", self.patients.ids),
                ("display_type", "=", "product"),
                ("parent_state", "=", "posted"),
            ],
            ["date:month"],
            ["balance:sum"],
        )
        return Counter(
            {
                (month.year, month.month): -round(amount * 100)
                for month, amount in rows
                if round(amount * 100)
            }
        )


@tagged("-at_install", "post_install")
class TestMoneyStates(MoneyCommon):
    def test_no_sequence_of_events_parts_the_books_from_the_model(self):
        events = Counter()
        machine = type("Machine", (Till,), {"test": self, "events": events})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
        _logger.info("Money: %s events, %s", events.total(), dict(events))
