from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase


@tagged("-at_install", "post_install")
class TestPaidASecondAgo(ParallelCase):
    """The cron that cancels and a payment, in two real transactions."""

    tables = (
        "clinic_match",
        "clinic_receipt_line",
        "clinic_receipt",
        "clinic_payment_link",
        "clinic_payment_request",
        "account_partial_reconcile",
        "account_full_reconcile",
        "account_move_line",
        "account_move",
        "account_payment",
        "clinic_charge",
    )

    def make_overdue_visit(self, number):
        """A visit behind its deadline, its payer reminded; committed."""
        with self.open() as env:
            visits = env["clinic.appointment"]
            visit = visits.browse(visits.book(self.prepare(number, number)))
            charge = env["clinic.charge"].create(
                {
                    "patient_id": visit.patient_id.id,
                    "appointment_id": visit.id,
                    "service_id": visit.service_id.id,
                    "branch_id": visit.branch_id.id,
                    "company_id": visit.branch_id.company_id.id,
                    "payer_id": visit.patient_id.partner_id.id,
                    "date": visit.start.date(),
                    "price": 100,
                }
            )
            charge.service_id.taxes_id = False
            long_ago = fields.Datetime.now() - timedelta(days=1)
            visit._as_engine().write(
                {"prepayment_due": long_ago, "prepayment_reminded_at": long_ago}
            )
            return visit.id

    def pay(self, env, visit, amount=100):
        charge = env["clinic.appointment"].browse(visit).charge_ids
        env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": charge.payer_id.id,
                "clinic_patient_id": charge.patient_id.id,
                "amount": amount,
            }
        ).action_post()

    def test_a_payment_committed_after_the_cron_began_saves_the_visit(self):
        visit = self.make_overdue_visit(0)
        with self.open() as cron, self.open() as payer:
            overdue = cron["clinic.appointment"].browse(visit)
            self.assertEqual(overdue.charge_ids.state, "open")  # its snapshot
            self.pay(payer, visit)
            payer.cr.commit()
            with mute_logger("odoo.sql_db"):
                overdue._take_step("_cancel_unpaid")
        with self.open() as env:
            kept = env["clinic.appointment"].browse(visit)
            self.assertEqual(kept.state, "booked")
            kept._take_step("_cancel_unpaid")
            self.assertEqual((kept.state, kept.charge_ids.state), ("booked", "paid"))

    def test_a_part_paid_a_second_ago_saves_the_visit_too(self):
        visit = self.make_overdue_visit(2)
        with self.open() as cron, self.open() as payer:
            overdue = cron["clinic.appointment"].browse(visit)
            self.assertEqual(overdue.charge_ids.state, "open")  # its snapshot
            self.pay(payer, visit, 40)
            payer.cr.commit()
            with mute_logger("odoo.sql_db"):
                overdue._take_step("_cancel_unpaid")
        with self.open() as env:
            self.assertEqual(env["clinic.appointment"].browse(visit).state, "booked")

    def test_without_a_payment_the_same_step_cancels(self):
        visit = self.make_overdue_visit(1)
        with self.open() as cron:
            cron["clinic.appointment"].browse(visit)._take_step("_cancel_unpaid")
        with self.open() as env:
            self.assertEqual(env["clinic.appointment"].browse(visit).state, "cancelled")
