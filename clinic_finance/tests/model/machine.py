"""Random events of a clinic that takes money, done to the product and to its model.

Refusals are answers: what the product refuses does not happen to the model either.
Events are drawn by weight and from everything that there is, not by Hypothesis itself,
whose short runs keep to a few rules and the first of everything.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .money import Clinic, Money, Service

_logger = logging.getLogger(__name__)


def round_half(amount, parts):
    """``amount`` by ``parts``, rounded as money is."""
    return (2 * amount + parts) // (2 * parts)


SLOTS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30")
ENDED = ("done", "cancelled", "no_show", "expired")
MUTED = ("odoo.sql_db", "odoo.addons.clinic_finance")


class Till(RuleBasedStateMachine):
    """A family with one payer, a stranger, an insurer; two specialists."""

    test = None  # the test case that lends its data
    events = None  # how often what happened, and what was refused
    number = "0"  # of the run

    # How often each event is tried, against the others.
    weights = {
        "book": 8,
        "render": 6,
        "cancel": 2,
        "night": 3,
        "miss": 1,
        "find_not_missed": 1,
        "waive": 1,
        "move": 2,
        "change_source": 2,
        "revise_prices": 1,
        "correct_price": 1,
        "pay_for_visit": 5,
        "pay_the_account": 2,
        "register_payment": 2,
        "undo_match": 2,
        "match_again": 1,
        "leave_as_credit": 2,
        "give_back": 2,
        "credit_note": 1,
        "press_what_is_refused": 1,
    }

    @rule(chance=st.randoms(use_true_random=True))
    def something_happens(self, chance):
        # Other histories for another number of the whole run.
        chance = Random(f"{self.number} {chance.random()}")
        [name] = chance.choices([*self.weights], [*self.weights.values()])
        _logger.info("%s: %s", self.today, name)
        getattr(self, name)(chance)

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.env = self.test.env
        self.now = self.test.now
        self.clinic = Clinic(bound=frozenset({"insurer"}))
        self.payments = {}  # Money: account.payment
        self.invoices = {}  # Bill: account.move
        self.terms = {}  # (patient, specialist, service): [(day, price)]
        self.taken = Counter()  # visits of each day
        self.paid_on = None
        self.closed = self.today  # until when the days are closed

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
        source = self.test.source if chance.random() < 0.3 else None
        made = []

        def call():
            made.append(
                self.test.book_on(
                    day, SLOTS[self.taken[day]], patient, service, specialist, source
                )
            )

        if self.attempt("book", call):
            self.taken[day] += 1
            self.sell(made[0])

    def sell(self, visit, net=None, total=None):
        """What the visit costs whom, by default what has been agreed."""
        if net is None:
            net, total = self.get_price(visit)
        patient = visit.patient_id
        own = self.name_payer(patient._get_private_payer())
        parts = {own: (net, total)}
        if visit.payment_source_id:
            part = (round_half(net, 5), round_half(total, 5))
            parts = {"insurer": (net - part[0], total - part[1]), own: part}
        live = visit.charge_ids.filtered(lambda one: one.state != "cancelled")
        charges = {self.name_payer(one.payer_id): one for one in live}
        assert charges.keys() == parts.keys(), (charges, parts)
        known = {one.key: one for one in self.clinic.services}
        for payer, (net, total) in parts.items():
            vals = {
                "key": charges[payer].id,
                "payer": payer,
                "patient": patient.name,
                "day": self.test.get_day(visit.start),
                "net": net,
                "total": total,
                "specialist": visit.specialist_id.name,
                "visit": visit.id,
                "is_private": payer != "insurer",
                "monthly": visit.service_id.clinic_invoicing == "monthly",
                "state": "coming",
            }
            if same := known.get(vals["key"]):
                vars(same).update(vals)
            else:
                self.clinic.sell(Service(**vals))

    def get_price(self, visit):
        """(without taxes, with them) of the whole visit, as agreed for its day."""
        net = self.test.prices[visit.service_id]
        key = (visit.patient_id, visit.specialist_id, visit.service_id)
        for day, price in self.terms.get(key, ()):
            if day <= self.test.get_day(visit.start):
                net = price
        return net, self.test.add_tax(visit.service_id, net)

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
        if not visit:
            return
        late = visit.start - self.now < timedelta(hours=48)
        if self.attempt("cancel", lambda: visit.cancel(self.test.reason.id)):
            self.lose(visit, 50 if late else 0)

    def lose(self, visit, fee=0):
        """The visit falls through; ``fee`` is what of its price is owed all the same,
        in percent."""
        lost = [
            one for one in self.get_services(visit.charge_ids) if one.state != "gone"
        ]
        price = sum(one.net for one in lost if one.is_private) * fee // 100
        self.clinic.cancel(lost, self.today)
        found = visit.charge_ids.filtered(
            lambda one: one.kind != "service" and one.state != "cancelled"
        )
        assert len(found) == bool(price), (found, price)
        if price:
            payer = self.name_payer(visit.patient_id._get_private_payer())
            self.clinic.sell(
                Service(
                    key=found.id,
                    payer=payer,
                    patient=visit.patient_id.name,
                    day=self.today,
                    net=price,
                    total=price,
                    visit=visit.id,
                    is_fee=True,
                )
            )

    def miss(self, chance):
        visit = self.pick_visit(chance, "booked", "confirmed")
        if visit and self.attempt("miss", visit.action_no_show):
            self.lose(visit, self.test.FEE)

    def find_not_missed(self, chance):
        """The desk finds out that somebody had come."""
        visit = self.pick_visit(chance, "no_show")
        if visit and self.attempt(
            "find not missed", visit.with_user(self.test.chief).action_reverse
        ):
            self.clinic.cancel(self.get_services(visit.charge_ids), self.today)
            self.sell(visit)

    def waive(self, chance):
        fees = [
            one for one in self.clinic.services if one.is_fee and one.state != "gone"
        ]
        fee = self.pick(chance, fees)
        if fee:
            charge = self.env["clinic.charge"].browse(fee.key)
            charge = charge.with_user(self.test.chief)
            if self.attempt("waive", lambda: charge.action_waive("Was ill")):
                self.clinic.cancel([fee], self.today)

    def move(self, chance):
        """To another day and perhaps to another specialist."""
        visit = self.pick_visit(chance, "booked", "confirmed")
        day = self.today + timedelta(days=chance.randint(1, 12))
        if not visit or self.taken[day] == len(SLOTS):
            return
        specialist = chance.choice(self.test.specialists)

        def call():
            self.test.move_to(visit, day, SLOTS[self.taken[day]], specialist)

        if self.attempt("move", call):
            self.taken[day] += 1
            for one in self.get_services(visit.charge_ids):
                if one.state == "coming":
                    one.day, one.specialist = day, specialist.name

    def change_source(self, chance):
        """An insurer pays after all, or does not."""
        visit = self.pick_visit(chance, "booked", "confirmed")
        if not visit:
            return
        source = self.test.source.browse(
            [] if visit.payment_source_id else self.test.source.id
        )

        def call():
            visit.with_user(self.test.registrar).write({"payment_source_id": source.id})

        if self.attempt("change source", call):
            old = [
                one
                for one in self.get_services(visit.charge_ids)
                if one.state == "coming" and not one.is_fee
            ]
            net = sum(one.net for one in old)
            total = sum(one.total for one in old)
            for one in old:
                one.state = "gone"
            self.sell(visit, net, total)

    # === PRICES === #

    def revise_prices(self, chance):
        """Another price of a patient's visits from some day on, booked ones too."""
        profiles = self.env["clinic.visit.profile"].search(
            [("patient_id", "in", self.test.patients.ids)], order="id"
        )
        profile = self.pick(chance, profiles)
        if not profile:
            return
        day = self.today + timedelta(days=chance.randint(0, 8))
        price = chance.choice([80000, 123400, 250000])
        key = (profile.patient_id, profile.specialist_id, profile.service_id)

        def call():
            self.test.revise(profile, day, price / 100)

        if self.attempt("revise", call):
            self.terms.setdefault(key, []).append((day, price))
            visits = self.env["clinic.appointment"].search(
                [
                    ("patient_id", "=", key[0].id),
                    ("specialist_id", "=", key[1].id),
                    ("service_id", "=", key[2].id),
                ]
            )
            for one in self.get_services(visits.charge_ids):
                if one.state in ("coming", "rendered") and one.day >= day:
                    self.reprice(one, price)

    def reprice(self, one, price):
        visit = self.env["clinic.appointment"].browse(one.visit)
        total = self.test.add_tax(visit.service_id, price)
        if visit.payment_source_id:
            own = (round_half(price, 5), round_half(total, 5))
            if one.is_private:
                price, total = own
            else:
                price, total = price - own[0], total - own[1]
        one.net, one.total = price, total

    def correct_price(self, chance):
        """An accountant puts a price right before it is billed."""
        one = self.pick(
            chance,
            [
                one
                for one in self.clinic.get_coming()
                if one.is_private and not one.is_fee
            ],
        )
        if not one:
            return
        price = chance.choice([50000, 99999, 210000])
        charge = self.env["clinic.charge"].browse(one.key)

        def call():
            charge.with_user(self.test.accountant).action_correct(
                {"price": price / 100}, "Agreed"
            )

        if self.attempt("correct price", call):
            one.net = price
            one.total = self.test.add_tax(charge.service_id, price)

    def night(self, _chance=None):
        """A day ends: the crons run in the small hours of the next one."""
        self.now += timedelta(days=1)
        self.events["night"] += 1
        with self.event(), self.test.without_commits():
            self.env["clinic.charge"]._cron_invoice()
            self.env["clinic.match"]._cron_match()
            self.env["clinic.receipt"]._cron_credit()
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

    # === MONEY MOVES AND GOES === #

    def undo_match(self, chance):
        """An accountant takes money off a bill, by our button or by Odoo's."""
        pair = self.pick(chance, self.get_private_pairs())
        if not pair:
            return
        match = self.test.find_match(
            self.payments[pair.money], self.invoices[pair.bill], pair.amount / 100
        )
        by_odoo = chance.random() < 0.3

        def call():
            if by_odoo:
                self.test.part(match)
            else:
                match.with_user(self.test.accountant).undo("Another was meant")

        if self.attempt("undo", call):
            self.clinic.undo(pair, self.today)

    def get_private_pairs(self):
        return [one for one in self.clinic.pairs if one.money in self.payments]

    def match_again(self, chance):
        money = self.pick(chance, [one for one in self.clinic.moneys if one.held])
        if not money:
            return
        match = self.test.find_held(self.payments[money])
        matches = match.with_user(self.test.accountant)
        if self.attempt("match again", matches.action_match_again):
            self.clinic.match_again(money)

    def leave_as_credit(self, chance):
        """What has been paid is corrected: its money waits on the account."""
        paid = {pair.money for pair in self.get_private_pairs()}
        money = self.pick(chance, [one for one in self.clinic.moneys if one in paid])
        if not money:
            return
        most = sum(one.amount for one in self.clinic.pairs if one.money is money)
        amount = chance.choice([most, most // 3])
        if amount and self.attempt(
            "leave as credit",
            lambda: self.test.refund(self.payments[money], amount / 100, "account"),
        ):
            self.clinic.correct_by(money, amount, self.today)

    def give_back(self, chance):
        money = self.pick(
            chance, [one for one in self.clinic.moneys if one.amount > one.back]
        )
        if not money:
            return
        left = money.amount - money.back
        paid = sum(one.amount for one in self.clinic.pairs if one.money is money)
        correct = paid and chance.random() < 0.3
        most = paid if correct else left
        amount = chance.choice([most, most // 3])
        if amount and self.attempt(
            "give back and correct" if correct else "give back",
            lambda: self.test.refund(
                self.payments[money], amount / 100, "cash", is_correction=correct
            ),
        ):
            if correct:
                self.clinic.correct_by(money, amount, self.today)
            self.clinic.give_back(money, amount, self.today)

    def credit_note(self, chance):
        """Odoo's own button on an invoice, for the whole of it or a part."""
        bill = self.pick(chance, [one for one in self.invoices if one.total])
        if not bill:
            return
        lefts = {one: left for one, left in bill.lefts.items() if left}
        one = chance.choice([*lefts])
        amounts = {one: chance.choice([lefts[one], lefts[one] // 2])}
        if self.attempt(
            "credit note",
            lambda: self.test.credit_by_hand(
                self.invoices[bill],
                {one.key: amount / 100 for one, amount in amounts.items()},
            ),
        ):
            for service, amount in amounts.items():
                self.clinic.correct(service, amount, self.today)

    def press_what_is_refused(self, chance):
        """Odoo's buttons that would rewrite what is posted."""
        posted = [*self.payments.values(), *self.invoices.values()]
        record = self.pick(chance, posted)
        if record:
            name = chance.choice(["reset", "cancel"])
            done = self.attempt(name, lambda: self.test.press(record, name))
            assert not done, f"{name} of {record} was not refused"

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
            self.agree(
                "balance", payer, balances[payer], self.clinic.get_balance(payer)
            )
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
    def receipts_agree(self):
        """What came and went is told, and what each money has paid of each bill; and,
        once its day is over, what was rendered, no more and no less."""
        told = self.test.read_receipts()
        for money, payment in self.payments.items():
            came = told.pop(("money", payment.id), 0)
            self.agree("receipts", money, came, money.amount - money.back)
        paid = Counter()
        for pair in self.get_private_pairs():
            payment = self.payments[pair.money]
            paid["paid", payment.id, self.invoices[pair.bill].id] += pair.amount
        found = {key: some for key, some in told.items() if key[0] == "paid" and some}
        assert found == +paid, f"receipts tell {found}, paid is {paid}"
        for one in self.clinic.services:
            served = told.get(("served", one.key), 0)
            if one.is_private and not one.is_fee and one.state == "billed":
                left = one.bill.lefts[one]
                charge = self.env["clinic.charge"].browse(one.key)
                if charge.handed_over:
                    self.agree("receipts", one, served, left)
                assert served <= left, f"{one}: {served} of {left} told"
                over = max(one.day, one.bill.day) < self.closed
                assert charge.handed_over or not over, f"{one} is never told"

    @invariant()
    def shares_agree(self):
        found = self.test.read_shares()
        for one in self.clinic.services:
            visit = self.env["clinic.appointment"].browse(one.visit)
            paid = one.state == "billed" and not self.clinic.get_open(one.bill)
            if paid and not one.is_fee and visit.state == "done":
                share = self.clinic.earned[one] * self.test.shares[one.specialist] / 100
                gap = abs(found.pop(one.key, 0) - share)
                assert gap <= 1, f"share of {one}: {gap} kopecks beside"
        assert not any(found.values()), f"shares of what is not paid: {found}"

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
