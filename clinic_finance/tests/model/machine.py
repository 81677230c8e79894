"""Random events of a clinic that takes money, done to the product and to its model.

Refusals are answers: what the product refuses does not happen to the model either.
Events are drawn by weight and from everything that there is, not by Hypothesis itself,
whose short runs keep to a few rules and the first of everything.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .money import Bill, Clinic, Money, Pair, Service

SLOTS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30")
ENDED = ("done", "cancelled", "no_show", "expired")
MUTED = ("odoo.sql_db", "odoo.addons.clinic_finance")


class Till(RuleBasedStateMachine):
    """A family with one payer, a stranger, an insurer; two specialists."""

    test = None  # the test case that lends its data
    events = None  # how often what happened, and what was refused

    # How often each event is tried, against the others.
    weights = {
        "book": 8,
        "render": 6,
        "cancel": 2,
        "night": 3,
        "pay_for_visit": 5,
        "pay_the_account": 2,
    }

    @rule(chance=st.randoms(use_true_random=True))
    def something_happens(self, chance):
        [name] = chance.choices([*self.weights], [*self.weights.values()])
        getattr(self, name)(chance)

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.env = self.test.env
        self.now = self.test.now
        self.clinic = Clinic(bound=frozenset({"insurer"}))
        self.payments = {}  # Money: account.payment
        self.invoices = {}  # Bill: account.move
        self.taken = Counter()  # visits of each day
        self.paid_on = None

    def teardown(self):
        self.savepoint.rollback()
        self.env.invalidate_all()

    # === THE WORLD === #

    @property
    def today(self):
        return self.test.get_day(self.now)

    @contextmanager
    def event(self):
        with self.test.at_moment(self.now), mute_logger(*MUTED):
            yield
            self.env.flush_all()
        self.env.invalidate_all()

    def attempt(self, what, call):
        """Whether ``call`` was done; a refusal leaves everything as it was."""
        try:
            with self.event(), self.env.cr.savepoint():
                call()
        except UserError:
            self.env.invalidate_all()
            self.events[f"{what} refused"] += 1
            return False
        self.events[what] += 1
        return True

    def pick(self, chance, some):
        """One of ``some``; None if there are none."""
        some = list(some)
        return chance.choice(some) if some else None

    def pick_visit(self, chance, *states):
        found = self.env["clinic.appointment"].search(
            [("state", "in", states), ("patient_id", "in", self.test.patients.ids)],
            order="id",
        )
        return self.pick(chance, found)

    def get_services(self, charges):
        """The model's services of ``charges``, in their order."""
        known = {one.key: one for one in self.clinic.services}
        return [known[charge.id] for charge in charges if charge.id in known]

    def name_payer(self, partner):
        return self.test.payers[partner]

    def note_bills(self):
        """Invoices that the product has made belong to the model's bills."""
        for bill in self.clinic.bills:
            if bill not in self.invoices:
                charges = self.env["clinic.charge"].browse(
                    [one.key for one in bill.lefts]
                )
                moves = charges.move_line_ids.move_id.filtered(
                    lambda move: move.move_type == "out_invoice"
                )
                assert len(moves) == 1, f"one invoice for {bill}: {moves}"
                self.invoices[bill] = moves

    def bill(self, services):
        """Post what is due of ``services``, an invoice for each payer and visit."""
        groups = {}
        for one in services:
            visit = None if one.monthly else one.visit
            groups.setdefault((one.payer, visit, one.is_fee), []).append(one)
        for some in groups.values():
            self.clinic.bill(some, self.today)

    # === VISITS === #

    def book(self, chance):
        day = self.today + timedelta(days=chance.randint(1, 12))
        if self.taken[day] == len(SLOTS):
            return
        patient = chance.choice(self.test.patients)
        service = chance.choice(self.test.services)
        specialist = chance.choice(self.test.specialists)
        insured = chance.random() < 0.3
        made = []
        vals = {"payment_source_id": self.test.source.id} if insured else {}

        def call():
            made.append(
                self.test.book_on(
                    day, SLOTS[self.taken[day]], patient, service, specialist, **vals
                )
            )

        if not self.attempt("book", call):
            return
        self.taken[day] += 1
        [visit] = made
        net, total = self.test.prices[service]
        parts = {self.name_payer(patient._get_private_payer()): (net, total)}
        if insured:
            own = {name: (net // 5, total // 5) for name in parts}
            parts = {"insurer": (net - net // 5, total - total // 5), **own}
        charges = {self.name_payer(one.payer_id): one for one in visit.charge_ids}
        assert charges.keys() == parts.keys(), (charges, parts)
        for payer, (net, total) in parts.items():
            self.clinic.sell(
                Service(
                    key=charges[payer].id,
                    payer=payer,
                    patient=patient.name,
                    day=day,
                    net=net,
                    total=total,
                    specialist=visit.specialist_id.name,
                    visit=visit.id,
                    is_private=payer != "insurer",
                    monthly=service.clinic_invoicing == "monthly",
                )
            )

    def render(self, chance):
        visit = self.pick_visit(chance, "booked", "confirmed")
        if visit and self.attempt("render", lambda: self.test.render(visit)):
            services = self.get_services(visit.charge_ids)
            for one in services:
                if one.state == "coming":
                    one.state = "rendered"
            self.bill([one for one in services if not one.monthly])

    def cancel(self, chance):
        visit = self.pick_visit(chance, "booked", "confirmed")
        if visit and self.attempt(
            "cancel", lambda: visit.cancel(self.test.reason.id)
        ):
            self.lose(visit)

    def lose(self, visit):
        self.clinic.cancel(self.get_services(visit.charge_ids), self.today)

    def night(self, _chance=None):
        """A day ends: the crons run in the small hours of the next one."""
        self.now += timedelta(days=1)
        self.events["night"] += 1
        with self.event(), self.test.without_commits():
            self.env["clinic.charge"]._cron_invoice()
            self.env["clinic.match"]._cron_match()
            self.env["clinic.receipt"]._cron_credit()
        first = self.today.replace(day=1)
        self.bill(
            one
            for one in self.clinic.services
            if one.state == "rendered" and one.monthly and one.day < first
        )
        self.bill(
            one for one in self.clinic.services if one.is_fee and one.state == "coming"
        )

    # === MONEY COMES === #

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

    def pay_the_account(self, chance):
        patient = chance.choice(self.test.patients)
        payer = self.name_payer(patient._get_private_payer())
        amount = chance.choice([50000, 123456, 300000, 700000])
        self.take([], amount, payer, patient, chance.random() < 0.3)

    # === COMPARED === #

    def get_dues(self):
        """What each service still asks; of those on one bill the whole bill's."""
        waiting = self.clinic.get_waiting()
        return {
            one: self.clinic.get_open(one.bill)
            if one.state == "billed"
            else one.total - waiting[one]
            if one.state != "gone"
            else 0
            for one in self.clinic.services
        }

    @invariant()
    def bills_are_invoices(self):
        self.note_bills()

    @invariant()
    def accounts_agree(self):
        balances, advances = self.test.read_accounts()
        for payer in self.test.payers.values():
            if payer == "insurer":
                continue
            self.agree("balance", payer, balances[payer], self.clinic.get_balance(payer))
            self.agree(
                "advances", payer, advances[payer], self.clinic.get_advances(payer)
            )
        insurer = self.clinic.get_balance("insurer")
        self.agree("balance", "insurer", balances["insurer"], insurer)

    @invariant()
    def revenue_agrees(self):
        found = self.test.read_revenue()
        expected = +self.clinic.revenue
        assert found == expected, f"revenue: {found} in the books, {expected} meant"

    @invariant()
    def dues_agree(self):
        charges = self.env["clinic.charge"].browse(
            [one.key for one in self.clinic.services]
        )
        left = charges._get_left()
        found = {charge.id: round(left[charge].due * 100) for charge in charges}
        dues = self.get_dues()
        for bill in self.clinic.bills:
            due = sum(found[one.key] for one in bill.lefts if one.state == "billed")
            self.agree("due", bill, due, self.clinic.get_open(bill))
        for one in self.clinic.services:
            if one.state in ("coming", "rendered"):
                self.agree("due", one, found[one.key], dues[one])

    def agree(self, what, whose, found, expected):
        assert found == expected, (
            f"{what} of {whose}: {found} in the books, {expected} meant"
        )
