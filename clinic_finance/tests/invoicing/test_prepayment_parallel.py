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
        "account_partial_reconcile",
        "account_full_reconcile",
        "account_payment_register",
        "account_move_line",
        "account_move",
        "account_payment",
        "clinic_charge",
    )

    def make_overdue_visit(self, number):
        """An invoiced visit behind its deadline, its payer reminded; committed."""
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
            invoice = charge._create_invoices()
            long_ago = fields.Datetime.now() - timedelta(days=1)
            visit._as_engine().write(
                {"prepayment_due": long_ago, "prepayment_reminded_at": long_ago}
            )
            return visit.id, invoice.id

    def pay(self, env, invoice):
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=[invoice]
        ).create({})._create_payments()

    def test_a_payment_committed_after_the_cron_began_saves_the_visit(self):
        visit, invoice = self.make_overdue_visit(0)
        with self.open() as cron, self.open() as payer:
            overdue = cron["clinic.appointment"].browse(visit)
            self.assertEqual(overdue.charge_ids.state, "invoiced")  # its snapshot
            self.pay(payer, invoice)
            payer.cr.commit()
            with mute_logger("odoo.sql_db"):
                overdue._take_step("_cancel_unpaid")
        with self.open() as env:
            kept = env["clinic.appointment"].browse(visit)
            self.assertEqual(kept.state, "booked")
            kept._take_step("_cancel_unpaid")
            self.assertEqual((kept.state, kept.charge_ids.state), ("booked", "paid"))

    def test_without_a_payment_the_same_step_cancels(self):
        visit, _invoice = self.make_overdue_visit(1)
        with self.open() as cron:
            cron["clinic.appointment"].browse(visit)._take_step("_cancel_unpaid")
        with self.open() as env:
            self.assertEqual(env["clinic.appointment"].browse(visit).state, "cancelled")
