"""Visits are booked, moved, rendered, given up and missed."""

from __future__ import annotations

from datetime import timedelta

from .money import Service
from .world import SLOTS, World


def round_half(amount, parts):
    """``amount`` by ``parts``, rounded as money is."""
    return (2 * amount + parts) // (2 * parts)


class Visits(World):
    def book(self, chance, patient=None):
        day = self.today + timedelta(days=chance.randint(1, 12))
        if self.taken[day] == len(SLOTS):
            return
        patient = patient or chance.choice(self.test.patients)
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

    def meet_again(self, chance):
        """Somebody is taken for a stranger, books and pays on a card of their own, and
        is recognised later."""
        if self.doubles:
            kept, double = self.doubles.pop()
            done = self.attempt("merge", lambda: self.test.merge_into(kept, double))
            if done:
                payer = self.name_payer(kept.partner_id)
                old = self.name_payer(double.partner_id)
                self.test.payers[double.partner_id] = payer
                self.clinic.merge(old, payer, double.name, kept.name)
            return
        kept = self.test.other_patient
        name = f"Double {self.env['clinic.patient'].search_count([])}"
        with self.event():
            double = self.test.create_patient(name)
        self.test.payers[double.partner_id] = name
        self.test.cards |= double
        self.doubles.append((kept, double))
        self.book(chance, double)
        self.take([], 234500, name, double)

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
        price = round_half(sum(one.net for one in lost if one.is_private) * fee, 100)
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
