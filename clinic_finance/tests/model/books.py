"""What the books say is what the model says, after every event."""

from __future__ import annotations

from collections import Counter

from hypothesis.stateful import invariant

from .world import World


class Books(World):
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
        for payer in set(self.test.payers.values()):
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

    def statements_agree(self):
        """Every night: a statement takes its time."""
        with self.event():
            for payer, name in self.test.payers.items():
                closing, moved = self.test.read_statement(payer)
                balance = self.clinic.get_balance(name)
                self.agree("statement", name, closing, balance)
                self.agree("lines of the statement", name, moved, balance)

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
