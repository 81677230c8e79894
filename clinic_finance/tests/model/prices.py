"""Prices are agreed anew and put right."""

from __future__ import annotations

from datetime import timedelta

from .visits import Visits, round_half


class Prices(Visits):
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
