"""Money comes, and the days end."""

from __future__ import annotations

from datetime import timedelta

from .money import Money
from .visits import Visits


class Payments(Visits):
    def night(self, _chance=None):
        """A day ends: the crons run in the small hours of the next one."""
        self.now += timedelta(days=1)
        self.events["night"] += 1
        with self.event(), self.test.without_commits():
            self.env["clinic.charge"]._cron_invoice()
            self.env["clinic.match"]._cron_match()
            self.env["clinic.receipt"]._cron_credit()
            # Nothing is committed, so that nobody else tells the planner of the rows.
            self.env.cr.execute(
                "ANALYZE account_move, account_move_line, account_payment,"
                " account_partial_reconcile, clinic_charge, clinic_receipt_line"
            )
        self.closed = self.today
        first = self.today.replace(day=1)
        self.bill(
            one
            for one in self.clinic.services
            if one.state == "rendered" and one.monthly and one.day < first
        )
        self.bill(
            one for one in self.clinic.services if one.is_fee and one.state == "coming"
        )
        # What a lower price or another payer has freed pays at the latest now.
        for payer in {one.payer for one in self.clinic.moneys}:
            self.clinic.settle(payer)
        self.statements_agree()

    def take(self, services, amount, payer, patient, only_patient=False):
        """A payment for ``services``, or for the account if there are none."""
        if self.paid_on == self.today:
            # Money of one day has no order that a person would know.
            self.night()
        made = []

        def call():
            made.append(
                self.test.take(
                    self.env["clinic.charge"].browse([one.key for one in services]),
                    amount / 100,
                    self.test.get_payer(payer),
                    patient,
                    only_patient,
                )
            )

        if amount <= 0 or not self.attempt("pay", call):
            return
        self.note_money(made[0], payer, patient.name, services, only_patient)

    def note_money(self, payment, payer, patient, services, only_patient=False):
        money = Money(
            key=payment.id,
            payer=payer,
            patient=patient,
            day=self.today,
            amount=round(payment.amount * 100),
            named=frozenset(services),
            only_patient=only_patient,
        )
        self.paid_on = self.today
        self.payments[money] = payment
        self.clinic.take(money)

    def pay_for_visit(self, chance):
        """What a visit asks, or less, or more."""
        visit = self.pick_visit(chance, "booked", "confirmed", "done", "cancelled")
        if not visit:
            return
        services = [
            one for one in self.get_services(visit.charge_ids) if one.is_private
        ]
        if services:
            due = sum(self.get_dues()[one] for one in services)
            more = chance.choice([0, 0, -70000, 50000])
            self.take(services, due + more, services[0].payer, visit.patient_id)

    def pay_for_several(self, chance):
        """One request for visits of a family is paid at once."""
        payer = chance.choice(["ivanov", "sidorova"])
        dues = self.get_dues()
        owed = [
            one
            for one in self.clinic.services
            if one.payer == payer and one.is_private and dues[one]
        ]
        some = chance.sample(owed, min(len(owed), 3))
        if len(some) > 1:
            patient = self.env["clinic.charge"].browse(some[0].key).patient_id
            self.take(some, self.sum_dues(some, dues), payer, patient)

    def sum_dues(self, services, dues):
        """What they ask together; of those on one bill the bill once."""
        bills = {one.bill for one in services if one.bill}
        coming = [one for one in services if not one.bill]
        return sum(dues[one] for one in coming) + sum(
            self.clinic.get_open(bill) for bill in bills
        )

    def pay_the_account(self, chance):
        patient = chance.choice(self.test.patients)
        payer = self.name_payer(patient._get_private_payer())
        amount = chance.choice([50000, 123456, 300000, 700000])
        self.take([], amount, payer, patient, chance.random() < 0.3)

    def register_payment(self, chance):
        """Odoo's own button on an invoice."""
        open_ = [
            bill
            for bill in self.invoices
            if bill.payer not in self.clinic.bound and self.clinic.get_open(bill)
        ]
        bill = self.pick(chance, open_)
        if not bill:
            return
        if self.paid_on == self.today:
            self.night()
        amount = self.clinic.get_open(bill)
        if not amount:
            return
        part = chance.choice([amount, amount // 3])
        made = []
        if self.attempt(
            "register",
            lambda: made.append(self.test.register(self.invoices[bill], part / 100)),
        ):
            self.note_money(made[0], bill.payer, bill.patient, bill.lefts)
