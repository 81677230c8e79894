from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase


@tagged("-at_install", "post_install")
class TestTwoMatchings(ParallelCase):
    """Two real transactions over the money of one payer."""

    tables = (
        "clinic_match",
        "clinic_receipt_line",
        "clinic_receipt",
        "clinic_refund",
        "account_partial_reconcile",
        "account_full_reconcile",
        "account_move_line",
        "account_move",
        "account_payment",
    )

    def open_account(self, patient):
        """The payer, with a payment and an invoice that have not met; committed."""
        with self.open() as env:
            patient = env["clinic.patient"].browse(self.patients[patient])
            payment = env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": patient.partner_id.id,
                    "clinic_patient_id": patient.id,
                    "amount": 100,
                }
            )
            payment.action_post()
            line = {"name": "Visit", "price_unit": 100, "tax_ids": False}
            env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": patient.partner_id.id,
                    "clinic_patient_id": patient.id,
                    "invoice_line_ids": [Command.create(line)],
                }
            ).action_post()
            return patient.partner_id.id, payment.id

    def match(self, env, payer):
        return env["clinic.match"]._match(env["res.partner"].browse(payer))

    def assert_matched_once(self, payer):
        with self.open() as env:
            log = env["clinic.match"].search([("payer_id", "=", payer)])
            self.assertEqual((len(log), log.amount, log.state), (1, 100, "matched"))
            self.assertFalse(self.match(env, payer))

    def test_who_comes_second_leaves_the_payer_to_the_first(self):
        payer, _payment = self.open_account(0)
        with self.open() as first, self.open() as second:
            self.assertEqual(len(self.match(first, payer)), 1)
            first.flush_all()
            self.assertFalse(self.match(second, payer))
        self.assert_matched_once(payer)

    def test_who_has_read_before_the_first_was_done_is_run_again(self):
        payer, _payment = self.open_account(1)
        with self.open() as first, self.open() as second:
            second["res.partner"].browse(payer).read(["name"])  # takes its snapshot
            self.match(first, payer)
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.match(second, payer)
            second.cr.rollback()
        self.assert_matched_once(payer)

    def test_of_two_refunds_at_once_the_second_sees_the_first(self):
        _payer, payment = self.open_account(2)
        with self.open() as first, self.open() as second:
            later = second["account.payment"].browse(payment)
            self.assertEqual(later._get_refundable(), 100)  # takes its snapshot
            first["account.payment"].browse(payment)._touch()
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                later._touch()
            second.cr.rollback()
