from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.parallel import ParallelCase


@tagged("-at_install", "post_install")
class TestTwoCashiers(ParallelCase):
    """Two real transactions over one patient's charges, and over one till."""

    tables = (
        "clinic_match",
        "clinic_receipt_line",
        "clinic_receipt",
        "account_partial_reconcile",
        "account_full_reconcile",
        "account_move_line",
        "account_move",
        "account_payment",
        "clinic_cash_sale",
        "clinic_cash_shift",
        "clinic_cash_desk",
        "clinic_charge",
        "account_payment_method_line",
        "account_journal",
        "account_account",
    )

    @classmethod
    def create_data(cls, env):
        result = super().create_data(env)
        desks = env["clinic.cash.desk"].create(
            [{"name": f"Race {n}", "branch_id": cls.branch} for n in range(2)]
        )
        cls.desks = desks.ids
        env["product.product"].browse(cls.service).taxes_id = False
        for desk in desks:
            env["clinic.cash.shift"]._open(desk, 0.0)
        return result

    @classmethod
    def remove(cls):
        """The account of advances is made with the first money, and goes as well."""
        with cls.registry.cursor() as cr:
            cr.execute(
                "UPDATE res_company SET clinic_advance_account_id = NULL"
                " WHERE clinic_advance_account_id > %s",
                [cls.before["account_account"]],
            )
        return super().remove()

    def charge(self, patient):
        """An open charge of 100, committed."""
        with self.open() as env:
            patient = env["clinic.patient"].browse(self.patients[patient])
            branch = env["clinic.branch"].browse(self.branch)
            charge = env["clinic.charge"].create(
                {
                    "patient_id": patient.id,
                    "payer_id": patient.partner_id.id,
                    "service_id": self.service,
                    "branch_id": branch.id,
                    "company_id": branch.company_id.id,
                    "date": fields.Date.today(),
                    "price": 100,
                }
            )
            return charge.id

    def pay(self, env, charge_id, desk=0):
        charge = env["clinic.charge"].browse(charge_id)
        vals = {
            "key": f"race-{charge_id}-{desk}-{id(env)}",
            "desk_id": self.desks[desk],
            "patient_id": charge.patient_id.id,
            "payer_id": charge.payer_id.id,
            "charge_ids": [charge_id],
            "expected": 100,
            "cash": 100,
        }
        sales = env["clinic.cash.sale"]
        desk = env["clinic.cash.desk"].browse(self.desks[desk])
        return sales._create_sale(desk, sales._parse_sale(vals))

    def test_of_two_cashiers_the_second_is_told_that_it_is_paid(self):
        charge = self.charge(0)
        with self.open() as first, self.open() as second:
            second["clinic.charge"].browse(charge).read(["state"])  # takes its snapshot
            self.pay(first, charge)
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                self.pay(second, charge, desk=1)
            second.cr.rollback()
            # The server runs the request again.
            second.invalidate_all()
            with self.assertRaisesRegex(UserError, "meanwhile"):
                self.pay(second, charge, desk=1)
            second.cr.rollback()
        with self.open() as env:
            charge = env["clinic.charge"].browse(charge)
            self.assertEqual(charge.state, "paid")
            payments = env["account.payment"].search(
                [("clinic_charge_ids", "in", charge.ids)]
            )
            self.assertEqual(payments.mapped("amount"), [100])

    def test_a_shift_is_not_closed_blind_beside_a_payment(self):
        charge = self.charge(1)
        with self.open() as first, self.open() as second:
            shift = second["clinic.cash.desk"].browse(self.desks[0]).shift_id
            balance = shift.expected_cash  # takes its snapshot
            self.pay(first, charge)
            first.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                shift._close(balance)
            second.cr.rollback()
            second.invalidate_all()
            self.assertEqual(shift.expected_cash, balance + 100)
