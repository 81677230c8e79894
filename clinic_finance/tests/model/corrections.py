"""Money is taken off bills, goes back, and bills are corrected."""

from __future__ import annotations

from .world import World


class Corrections(World):
    def undo_match(self, chance):
        """An accountant takes money off a bill, by our button or by Odoo's."""
        pair = self.pick(chance, self.get_private_pairs())
        if not pair:
            return
        match = self.test.find_match(
            self.payments[pair.money], self.invoices[pair.bill]
        )
        amount = round(match.amount * 100)
        by_odoo = chance.random() < 0.3

        def call():
            if by_odoo:
                self.test.part(match)
            else:
                match.with_user(self.test.accountant).undo("Another was meant")

        if self.attempt("undo", call):
            self.clinic.undo(pair.money, pair.bill, amount, self.today)

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
        payment = self.payments[money]
        way = "cash" if payment.journal_id.type == "cash" else "bank"
        if amount and self.attempt(
            f"give back by {way}",
            lambda: self.test.refund(payment, amount / 100, way, is_correction=correct),
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
