"""One clinic with one specialist, and five things that are done in it every minute."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from ..emr.record import Record

Call = Callable[[], Any]


class Flows(Record):
    """Each method prepares one flow anew and returns the call that does it."""

    def __init__(self, env: Any) -> None:
        super().__init__(env, earlier=(1,))
        self.numbers = count()
        self.hours = count()

    def fill(self) -> None:
        super().fill()
        self.patients = self.env["clinic.patient"].create(
            [
                {
                    "name": f"Patient {number}",
                    "phone_ids": [(0, 0, {"number_e164": f"+791600000{number:02}"})],
                }
                for number in range(10, 40)
            ]
        )
        self.registrar = self.add_user("bench_registrar", "clinic_base.group_registrar")
        self.env.cr.commit()

    def find(self) -> Call:
        visits = self.env(user=self.registrar.id)["clinic.appointment"]
        criteria = {
            "service_id": self.service.id,
            "date_from": f"{self.day} 05:00:00",
            "date_to": f"{self.day} 20:00:00",
            "limit": 5,
        }
        return lambda: visits.find_slots(criteria)

    def book(self) -> Call:
        return self._book(self.patients[next(self.numbers)])

    def again(self) -> Call:
        """A patient who has been booked to this specialist already."""
        patient = self.patients[next(self.numbers)]
        self._book(patient)()
        return self._book(patient)

    def _book(self, patient: Any) -> Call:
        visits = self.env(user=self.registrar.id)["clinic.appointment"]
        hour = next(self.hours)
        vals = {
            "service_id": self.service.id,
            "specialist_id": self.specialist.id,
            "patient_id": patient.id,
            "start": f"{self.day} {9 + hour // 2:02}:{hour % 2 * 30:02}:00",
        }

        def book() -> int:
            visit = visits.book(vals)
            self.env.flush_all()
            return visit

        return book

    def tell(self) -> Call:
        from odoo.addons.sms_smsc.tests.fake_smsc import FakeSmsc

        fake = FakeSmsc()
        self.env["clinic.sms.account"].create(
            {
                "name": "Bench",
                "provider": "smsc",
                "company_id": self.branch.company_id.id,
                "login": "clinic",
                "secret": "open sesame",
                "url": fake.url,
                "sequence": 0,
            }
        )
        self.branch.company_id.write({"clinic_quiet_from": 9, "clinic_quiet_to": 9})
        messages = self.env["clinic.message"]
        messages.search([("state", "=", "queued")]).write({"state": "cancelled"})
        messages._enqueue(
            "other",
            [
                {
                    "key": f"bench:{next(self.numbers)}",
                    "channel": "sms",
                    "recipient": "+79160000001",
                    "body": "Bench",
                    "branch_id": self.branch.id,
                }
            ],
        )
        self.env.cr.commit()

        def tell() -> None:
            messages._process_outbox()
            fake.close()

        return tell

    def pay(self) -> Call:
        visit = self.env["clinic.appointment"].browse(self.book()())
        charge = visit.sudo().charge_ids
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": charge.payer_id.id,
                "clinic_patient_id": charge.patient_id.id,
                "clinic_charge_ids": [(6, 0, charge.ids)],
                "amount": charge.amount,
            }
        )
        self.env.flush_all()

        def pay() -> None:
            payment.action_post()
            self.env.flush_all()

        return pay

    def record(self) -> Call:
        env = self.as_specialist()
        visit = self.env["clinic.appointment"].browse(self.book()())
        visit.action_arrive()
        action = visit.with_env(env).action_open_encounter()
        encounter = env["clinic.encounter"].browse(action["res_id"])
        code = env["clinic.icd10"].search([("code", "=", "I10")], limit=1)
        encounter.write(
            {
                "complaint": "Headache",
                "conclusion": "Rest",
                "diagnosis_ids": [(0, 0, {"icd10_id": code.id})],
            }
        )
        self.env.flush_all()

        def sign() -> None:
            encounter.action_sign()
            self.env.flush_all()

        return sign
