"""What every event of the machine stands on: the clock, attempts, what is there."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager

from hypothesis.stateful import RuleBasedStateMachine

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .money import Clinic

SLOTS = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30")
MUTED = ("odoo.sql_db", "odoo.addons.clinic_finance")


class World(RuleBasedStateMachine):
    """A family with one payer, a stranger, an insurer; two specialists."""

    test = None  # the test case that lends its data
    events = None  # how often what happened, and what was refused
    number = "0"  # of the run

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.env = self.test.env
        self.now = self.test.now
        self.clinic = Clinic(bound=frozenset({"insurer"}))
        self.payments = {}  # Money: account.payment
        self.invoices = {}  # Bill: account.move
        self.test.payers = dict(type(self.test).payers)
        self.test.cards = self.test.patients
        self.doubles = []  # (card, card of the same person)
        self.terms = {}  # (patient, specialist, service): [(day, price)]
        self.taken = Counter()  # visits of each day
        self.paid_on = None
        self.closed = self.today  # until when the days are closed

    def teardown(self):
        self.savepoint.rollback()
        self.env.invalidate_all()

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
