"""The clinic's money in plain Python: what the product is compared with.

Nothing here knows of records. Sums are in the smallest unit of the currency (kopecks),
days are those of the branch. Who changes how money is counted changes this file first,
and says in it what is meant.

Services are sold and, once rendered, stand on a bill; money comes, waits, pays bills
and goes back. *Before the service nobody owes anything*: what waits is an advance
(62.02), only bills make a debt (62.01). Money pays what it names, then what its patient
owes, then what the payer owes, and within each of these bills before services to come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date


def spread(amount: int, weights: list[int]) -> list[int]:
    """``amount`` in proportional parts; what rounding leaves falls to the last."""
    total = sum(weights)
    parts = [(2 * amount * one + total) // (2 * total) for one in weights[:-1]]
    return [*parts, amount - sum(parts)]


@dataclass(eq=False)
class Service:
    """One charge: a service or a fee for one patient by one payer.

    ``net`` is what is asked without taxes, ``total`` with them. ``state`` is coming,
    rendered (waits for its bill), billed or gone.
    """

    key: Hashable
    payer: str
    patient: str
    day: date
    net: int
    total: int
    specialist: str = ""
    visit: Hashable = None
    is_private: bool = True
    is_fee: bool = False
    monthly: bool = False
    state: str = "coming"
    bill: Bill | None = None


@dataclass(eq=False)
class Bill:
    """A posted invoice: what is left of each of its services after corrections."""

    day: date
    payer: str
    lefts: dict[Service, int]

    @property
    def patient(self) -> str:
        """Whose bill it is; nobody's, if it is of several."""
        patients = {service.patient for service in self.lefts}
        return patients.pop() if len(patients) == 1 else ""

    @property
    def total(self) -> int:
        return sum(self.lefts.values())


@dataclass(eq=False)
class Money:
    """What a payer has handed over at once; ``back`` is what was given back of it.

    ``held``: somebody has taken it off a bill, and it pays nothing until told to.
    """

    key: Hashable
    payer: str
    patient: str
    day: date
    amount: int
    named: frozenset[Service] = frozenset()
    only_patient: bool = False
    back: int = 0
    held: bool = False


@dataclass(eq=False)
class Part:
    """What of some money is free together since ``day``; ``size`` is what it was."""

    money: Money
    amount: int
    day: date
    size: int


@dataclass(eq=False)
class Pair:
    """What of a bill is paid by a part of some money."""

    money: Money
    bill: Bill
    amount: int


@dataclass(eq=False)
class Clinic:
    """All money of a clinic. ``bound`` payers (insurers) pay only what they name."""

    bound: frozenset[str] = frozenset()
    services: list[Service] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    moneys: list[Money] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    revenue: Counter[tuple[int, int]] = field(default_factory=Counter)
    earned: Counter[Service] = field(default_factory=Counter)

    # === EVENTS === #

    def sell(self, service: Service) -> None:
        """Somebody books, or owes a fee."""
        self.services.append(service)

    def take(self, money: Money) -> None:
        """Money comes."""
        self.moneys.append(money)
        self.parts.append(Part(money, money.amount, money.day, money.amount))
        self.settle(money.payer)

    def bill(self, services: Iterable[Service], today: date) -> Bill | None:
        """What has been rendered is revenue, and the payer's debt."""
        services = [one for one in services if one.state in ("coming", "rendered")]
        if not services:
            return None
        bill = Bill(today, services[0].payer, {one: one.total for one in services})
        self.bills.append(bill)
        for service in services:
            service.state, service.bill = "billed", bill
            self._earn(service, service.net, today)
        self.settle(bill.payer)
        return bill

    def cancel(self, services: Iterable[Service], today: date) -> None:
        """Services fall through; what has been billed of them is taken back."""
        for service in services:
            if service.bill and service.bill.lefts[service]:
                self.correct(service, service.bill.lefts[service], today)
            service.state = "gone"

    def correct(self, service: Service, amount: int, today: date) -> None:
        """The bill is lowered by ``amount`` of ``service``, taxes included; money that
        had paid that part, the latest first, is free."""
        bill = service.bill
        open_, freed = self.get_open(bill), []
        for pair in reversed([one for one in self.pairs if one.bill is bill]):
            if open_ >= amount:
                break
            open_ += pair.amount
            freed.append(pair)
        self._free(reversed(freed), today)
        self._earn(service, -round(amount * service.net / service.total), today)
        bill.lefts[service] -= amount
        self.settle(bill.payer)

    def correct_by(self, money: Money, amount: int, today: date) -> None:
        """The bills that ``money`` has paid are lowered by ``amount``, the latest
        first, and each of their services by its part."""
        for pair in reversed([one for one in self.pairs if one.money is money]):
            part = min(amount, pair.amount)
            amount -= part
            lefts = {one: left for one, left in pair.bill.lefts.items() if left}
            for service, some in zip(lefts, spread(part, [*lefts.values()])):
                if some:
                    self.correct(service, some, today)

    def undo(self, money: Money, bill: Bill, amount: int, today: date) -> None:
        """``amount`` of ``money`` is taken off a bill and waits for a person; other
        money pays it."""
        own = [one for one in self.pairs if one.money is money and one.bill is bill]
        # Into which pieces the money fell on its way is nobody's to say.
        own.sort(key=lambda one: one.amount != amount)
        for pair in own:
            part = min(amount, pair.amount)
            amount -= part
            if part < pair.amount:
                self.pairs.append(Pair(money, bill, pair.amount - part))
                pair.amount = part
            if part:
                self._free([pair], today)
        money.held = True
        self.settle(money.payer)

    def match_again(self, money: Money) -> None:
        money.held = False
        self.settle(money.payer)

    def merge(self, payer: str, kept: str, patient: str, name: str) -> None:
        """The card of ``patient``, who pays as ``payer``, becomes that of ``name``, who
        pays as ``kept``: they have one account."""
        for one in (*self.services, *self.bills, *self.moneys):
            if one.payer == payer:
                one.payer = kept
        for one in (*self.services, *self.moneys):
            if one.patient == patient:
                one.patient = name
        self.settle(kept)

    def give_back(self, money: Money, amount: int, today: date) -> None:
        """Money goes back: what is free of it first, then what has paid, the latest
        first."""
        freed = []
        free = self.get_free(money)
        for pair in reversed([one for one in self.pairs if one.money is money]):
            if free >= amount:
                break
            free += pair.amount
            freed.append(pair)
        self._free(reversed(freed), today)
        money.back += amount
        own = [one for one in self.parts if one.money is money]
        for part in sorted(own, key=lambda one: (one.day, -one.size)):
            amount -= self._use(part, amount)
        self.settle(money.payer)

    def settle(self, payer: str) -> None:
        """Free money of ``payer`` pays what is billed."""
        for part, owed, amount in self.plan(payer):
            if isinstance(owed, Bill):
                self._use(part, amount)
                self.pairs.append(Pair(part.money, owed, amount))

    def _use(self, part: Part, amount: int) -> int:
        """Take at most ``amount`` of ``part``; how much it was."""
        used = min(part.amount, amount)
        part.amount -= used
        if not part.amount:
            self.parts.remove(part)
        return used

    def _free(self, pairs: Iterable[Pair], today: date) -> None:
        """What paid a bill waits again."""
        for pair in pairs:
            self.pairs.remove(pair)
            self.parts.append(Part(pair.money, pair.amount, today, pair.amount))

    def _earn(self, service: Service, amount: int, today: date) -> None:
        self.revenue[today.year, today.month] += amount
        self.earned[service] += amount

    # === WHAT PAYS WHAT === #

    def plan(self, payer: str) -> list[tuple[Part, Bill | Service, int]]:
        """What the free money of ``payer`` pays, or waits for."""
        free = {
            part: part.amount
            for part in sorted(self.parts, key=lambda one: one.money.day)
            if part.money.payer == payer and not part.money.held
        }
        bills = [one for one in self.bills if one.payer == payer]
        coming = [one for one in self.get_coming() if one.payer == payer]
        wanted: dict[Bill | Service, int] = {
            **{
                bill: self.get_open(bill) for bill in sorted(bills, key=lambda b: b.day)
            },
            **{one: one.total for one in sorted(coming, key=lambda one: one.day)},
        }
        rules = (self._is_named, self._is_of_patient, self._is_any)
        found = []
        for rule in rules[:1] if payer in self.bound else rules:
            for part in free:
                for owed in wanted:
                    amount = min(free[part], wanted[owed])
                    if amount and rule(part.money, owed):
                        free[part] -= amount
                        wanted[owed] -= amount
                        found.append((part, owed, amount))
        return found

    @staticmethod
    def _is_named(money: Money, owed: Bill | Service) -> bool:
        services = owed.lefts.keys() if isinstance(owed, Bill) else {owed}
        return bool(money.named & services)

    @staticmethod
    def _is_of_patient(money: Money, owed: Bill | Service) -> bool:
        return bool(money.patient) and money.patient == owed.patient

    @staticmethod
    def _is_any(money: Money, _owed: Bill | Service) -> bool:
        return not money.only_patient

    # === ANSWERS === #

    def get_coming(self) -> Iterator[Service]:
        """What is not billed yet and may be."""
        return (one for one in self.services if one.state in ("coming", "rendered"))

    def get_free(self, money: Money) -> int:
        """What has paid no bill and has not gone back."""
        return sum(part.amount for part in self.parts if part.money is money)

    def get_open(self, bill: Bill) -> int:
        """What of a bill is not paid."""
        paid = sum(pair.amount for pair in self.pairs if pair.bill is bill)
        return bill.total - paid

    def get_advances(self, payer: str) -> int:
        return sum(self.get_free(one) for one in self.moneys if one.payer == payer)

    def get_debts(self, payer: str) -> int:
        return sum(self.get_open(one) for one in self.bills if one.payer == payer)

    def get_balance(self, payer: str) -> int:
        """Positive is the payer's money, negative is debt."""
        return self.get_advances(payer) - self.get_debts(payer)

    def get_waiting(self) -> dict[Service, int]:
        """What waits for each service to come."""
        waiting: dict[Service, int] = defaultdict(int)
        for payer in {one.payer for one in self.moneys}:
            for _part, owed, amount in self.plan(payer):
                if isinstance(owed, Service):
                    waiting[owed] += amount
        return waiting
