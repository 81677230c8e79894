"""A clinic that takes money: on top of the scheduling tests' network."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import new_test_user

from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon


class FinanceCommon(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.write({"list_price": 3000, "prepayment_policy": "full"})
        cls.service.taxes_id = False
        cls.patient.partner_id.lang = "en_US"
        cls.create_shift(room_id=cls.room.id)
        cls.registrar = new_test_user(
            cls.env, "desk", groups="clinic_base.group_registrar"
        )
        cls.accountant = new_test_user(
            cls.env, "books", groups="clinic_base.group_accountant"
        )

    @classmethod
    def book(cls, clock="09:00", patient=None, **vals):
        """A visit at ``clock`` of the first Monday."""
        visit_id = cls.visits.book(
            {
                "service_id": cls.service.id,
                "specialist_id": cls.specialist.id,
                "patient_id": (patient or cls.patient).id,
                "start": cls.at(MONDAY, clock).strftime("%Y-%m-%d %H:%M:%S"),
                **vals,
            }
        )
        return cls.visits.browse(visit_id)

    @classmethod
    def invoice(cls, visit):
        """The posted invoice of ``visit``."""
        visit.charge_ids._invoice()
        return visit.charge_ids.move_line_ids.move_id

    @classmethod
    def ask(cls, charges):
        """The request to pay for ``charges``."""
        return cls.env["clinic.payment.request"]._create_for(charges)

    @classmethod
    def pay_for(cls, charges, amount=None):
        """Money that comes for ``charges``; by default all that is left of them."""
        due = sum(left.due for left in charges._get_left().values())
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": charges.payer_id.id,
                "clinic_patient_id": charges.patient_id[:1].id,
                "clinic_charge_ids": [(6, 0, charges.ids)],
                "company_id": charges.company_id.id,
                "amount": amount or due,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def render(cls, visit):
        """The visit takes place."""
        visit.action_arrive()
        visit.action_start()
        visit.action_done()
        return visit

    @classmethod
    def pay(cls, invoice):
        """A payment of the whole invoice, matched with it."""
        return (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
            ._create_payments()
        )

    # === CLOCK === #

    @contextmanager
    def at_moment(self, moment):
        """The clocks of Python and of the database stand at ``moment``."""
        with (
            freeze_time(moment),
            patch.object(self.env.cr, "now", lambda: moment),
        ):
            yield

    def later(self, **delta):
        """The clocks go on by as much."""
        return self.at_moment(self.env.cr.now() + timedelta(**delta))

    def without_commits(self):
        """Crons go on as if they had all the time."""
        return patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 60
        )
