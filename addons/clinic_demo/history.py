"""What happened before today: visits, the cash desk, promises, and who owes."""

from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.fields import Command

from odoo.addons.clinic_message.demo import send

from . import content
from .clock import Clock

DAY = timedelta(days=1)


class DemoHistory:
    """The last weeks, lived through with the methods of those who worked then."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.env = clinic.env
        self.clock = Clock(self.env)
        self.at = self.clock.at
        self.now = self.clock.now.replace(minute=0, second=0)
        self.desk = self.env["clinic.cash.desk"].search([], limit=1)

    def build(self):
        self.patients = self.create_patients()
        self.open_shifts()
        self.set_shares()
        for days, *visit in content.PAST:
            self.live_through(days, *visit)
        self.book_coming()
        self.note_promises()
        self.begin_day()

    def of(self, login, model):
        """``model`` with the rights of ``login`` alone."""
        return self.env(user=self.clinic.users[login].id, su=False)[model]

    # === BEFORE === #

    def create_patients(self):
        today = fields.Date.context_today(self.env.user)
        with self.at(self.now - content.OPENED):
            patients = self.env["clinic.patient"].create(
                [
                    {
                        "name": name,
                        "birthdate": today - timedelta(days=int(age * 365.25)),
                        "sex": sex,
                        "lang": "ru_RU",
                        "phone": phone,
                        "phone_ids": [
                            Command.create({"number_e164": phone, "primary": True})
                        ],
                        "consent_ids": [
                            Command.create(
                                {"kind": "personal_data", "version": "2026-01"}
                            )
                        ],
                    }
                    for name, age, sex, phone in content.OLD_PATIENTS.values()
                ]
            )
        known = dict(zip(content.OLD_PATIENTS, patients, strict=True))
        return {**known, "sokolova": self.clinic.patients[0]}

    def open_shifts(self):
        today = fields.Date.context_today(self.env.user)
        patterns = self.env["clinic.shift.pattern"].search([])
        patterns._generate(today - content.OPENED, today - DAY)

    def set_shares(self):
        """What specialists get; the accountant counts it from the charges."""
        self.of("finance", "clinic.share.rule").create(
            [
                {
                    "specialist_id": specialist
                    and self.clinic.specialists[specialist].id,
                    "service_id": service and self.clinic.services[service].id,
                    "date_from": (self.now - content.OPENED).date(),
                    **terms,
                }
                for specialist, service, terms in content.SHARES
            ]
        )

    # === VISITS === #

    def live_through(self, days, name, specialist, service, outcome):
        """A visit of the past: booked, held or missed, invoiced, paid or owed."""
        visit = self.book(name, specialist, service, days)
        if outcome == "missed":
            with self.at(visit.stop):
                visit.action_no_show()
            self.send_on(visit)
            return
        with self.at(visit.start):
            visit.action_arrive()
            visit.action_start()
        with self.at(visit.stop):
            visit.action_done()
            visit.charge_ids._invoice()
        self.send_on(visit)
        if outcome in ("cash", "card"):
            self.work_at_desk(visit, outcome, last=days == content.PAST[-1][0])

    def book(self, name, specialist, service, days):
        """The first free time of a day so long ago, or of one before; booked ahead."""
        visits = self.env["clinic.appointment"]
        wish = {
            "service_id": self.clinic.services[service].id,
            "specialist_ids": [self.clinic.specialists[specialist].id],
            "patient_id": self.patients[name].id,
            "limit": 1,
        }
        for back in range(days, days + 14):
            day = self.now.replace(hour=5) - back * DAY
            with self.at(day - 4.8 * DAY):
                for slot in visits.find_slots(
                    {
                        **wish,
                        "date_from": fields.Datetime.to_string(day),
                        "date_to": fields.Datetime.to_string(day + 16 * DAY / 24),
                    }
                ):
                    return self.book_slot(wish, slot)
        raise ValueError(f"No free time {days} days ago")

    def book_slot(self, wish, slot):
        visits = self.env["clinic.appointment"]
        visit = visits.browse(
            visits.book(
                {
                    "service_id": wish["service_id"],
                    "patient_id": wish["patient_id"],
                    "specialist_id": slot["specialist_id"],
                    "room_id": slot["room_id"],
                    "start": slot["start"],
                }
            )
        )
        send(self.env)
        return visit

    def book_coming(self):
        """Who owes or did not come has visits to come; the rules look at them."""
        visits = self.env["clinic.appointment"]
        with self.at(self.now - 2 * DAY):
            for name, specialist, service, days in content.COMING:
                wish = {
                    "service_id": self.clinic.services[service].id,
                    "specialist_ids": [self.clinic.specialists[specialist].id],
                    "patient_id": self.patients[name].id,
                    "date_from": fields.Datetime.to_string(self.now + days * DAY),
                    "limit": 1,
                }
                for slot in visits.find_slots(wish):
                    self.book_slot(wish, slot)

    def send_on(self, visit):
        """What the outbox sends on the evening of the visit, before people sleep."""
        with self.at(visit.start.replace(hour=15, minute=0)):
            send(self.env)

    # === THE CASH DESK === #

    def work_at_desk(self, visit, means, last):
        """A shift of that day, in which the patient pays all that is owed."""
        with self.at(visit.start.replace(hour=5, minute=30)):
            self.count("open")
            if not self.desk.cash_balance:
                self.transfer("in", 3000, "Размен из сейфа")
        with self.at(visit.stop):
            self.pay(visit.patient_id, means)
        with self.at(visit.start.replace(hour=17, minute=0)):
            if last:
                self.transfer("out", 2000, "Инкассация в банк")
                self.count("close", -50, "Не хватает 50 ₽: ошибка при сдаче")
            else:
                self.count("close")

    def pay(self, patient, means):
        payer = patient._get_private_payer()
        owed = self.env["account.move"].search(
            [
                ("partner_id", "=", payer.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
            ]
        )
        due = sum(owed.mapped("amount_residual"))
        self.of("cashier", "clinic.cash.sale").pay(
            {
                "key": str(uuid4()),
                "desk_id": self.desk.id,
                "patient_id": patient.id,
                "payer_id": payer.id,
                "invoice_ids": owed.ids,
                "expected": due,
                means: due,
            }
        )

    def count(self, kind, difference=0, reason=False):
        """The cash is counted by notes and coins."""
        # As in a request of its own: the till's balance has been read before.
        self.env.invalidate_all()
        desk = self.of("cashier", "clinic.cash.desk").browse(self.desk.id)
        ask = desk.action_open_shift if kind == "open" else desk.action_close_shift
        count = self.of("cashier", "clinic.cash.count").browse(ask()["res_id"])
        left = int(count.expected) + difference
        for line in count.line_ids:
            line.number, left = divmod(left, int(line.face))
        count.reason = reason
        count.action_done()

    def transfer(self, kind, amount, reason):
        self.of("cashier", "clinic.cash.transfer").create(
            {
                "desk_id": self.desk.id,
                "kind": kind,
                "amount": amount,
                "reason": reason,
            }
        ).action_done()

    def begin_day(self):
        """Today's shift is open, with some change in the till."""
        self.count("open")
        self.transfer("in", 5000, "Размен из сейфа")

    # === PROMISES === #

    def note_promises(self):
        """One is open, one was kept, one broken."""
        promises = self.of("registrar", "clinic.payment.promise")
        with self.at(self.now - 8 * DAY):
            for name, amount, days in content.PROMISES:
                payer = self.patients[name]._get_private_payer()
                promises.create(
                    {
                        "patient_id": self.patients[name].id,
                        "payer_id": payer.id,
                        "amount": amount,
                        "date": (self.now + days * DAY).date(),
                    }
                )
        self.env["clinic.payment.promise"]._close_due()
