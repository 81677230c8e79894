from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.acquiring import Lump, Taken, find_lump, read_fee
from .common import BankCommon


@tagged("-at_install", "post_install")
class TestLumps(BaseCase):
    def test_the_commission_is_read_as_banks_write_it(self):
        for text, fee in (
            ("Возмещение по картам, комиссия 150,00", 15000),
            ("Эквайринг. Сумма 10 000.00, комиссия банка 1 150.50 руб.", 115050),
            ("Card acquiring, fee: 12.5", 1250),
            ("Эквайринг за 02.03", None),
            ("комиссия 10,00, комиссия 20,00", None),
        ):
            with self.subTest(text):
                self.assertEqual(read_fee(text), fee)

    def test_days_one_after_the_other_make_a_lump(self):
        taken = [
            Taken(1, date(2026, 3, 2), 100000),
            Taken(2, date(2026, 3, 3), 50000),
            Taken(3, date(2026, 3, 4), 70000),
        ]
        self.assertEqual(find_lump(118800, 1200, taken), Lump((2, 3), 1200, True))
        self.assertIsNone(find_lump(118800, 1300, taken), "no such commission")

    def test_a_terminal_has_lumps_of_its_own(self):
        day = date(2026, 3, 2)
        taken = [Taken(1, day, 100000, 7), Taken(2, day, 50000, 8)]
        self.assertEqual(find_lump(98500, 1500, taken), Lump((1,), 1500, True))

    def test_without_a_named_commission_only_a_usual_one_is_believed(self):
        taken = [Taken(1, date(2026, 3, 2), 100000)]
        self.assertEqual(find_lump(98000, None, taken), Lump((1,), 2000, False))
        self.assertIsNone(find_lump(90000, None, taken))

    def test_of_two_possible_lumps_none_is_chosen(self):
        taken = [
            Taken(1, date(2026, 3, 2), 100000),
            Taken(2, date(2026, 3, 3), 100000),
        ]
        self.assertIsNone(find_lump(98000, 2000, taken))


@tagged("-at_install", "post_install")
class TestAcquiring(BankCommon):
    """The acquirer's lump meets the payments by card, and leaves its commission."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.on_the_way, cls.fees = cls.env["account.account"].create(
            [
                {
                    "code": "57.03",
                    "name": "Cards",
                    "account_type": "asset_current",
                    "reconcile": True,
                },
                {"code": "91.02.01", "name": "Fees", "account_type": "expense"},
            ]
        )
        cls.terminal = cls.env["account.journal"].create(
            {
                "name": "Terminal",
                "type": "bank",
                "default_account_id": cls.on_the_way.id,
            }
        )
        lines = cls.terminal.inbound_payment_method_line_ids
        lines.payment_account_id = cls.on_the_way
        cls.payments = cls.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": cls.patient.partner_id.id,
                    "clinic_patient_id": cls.patient.id,
                    "journal_id": cls.terminal.id,
                    "amount": amount,
                    "date": "2026-03-01",
                }
                for amount in (3000, 7000)
            ]
        )
        cls.payments.action_post()
        cls.company.clinic_bank_automatic = True

    def test_a_lump_with_its_commission_is_reconciled(self):
        line = self.transfer(9850, "Эквайринг за 01.03, комиссия 150,00")
        self.assertTrue(line.is_reconciled)
        sums = {item.account_id: item.balance for item in line.move_id.line_ids}
        self.assertEqual(sums[self.fees], 150)
        items = self.payments.move_id.line_ids
        items = items.filtered(lambda item: item.account_id == self.on_the_way)
        self.assertEqual(items.mapped("reconciled"), [True, True])
        self.assertEqual(self.payments.mapped("state"), ["paid", "paid"])

    def test_a_commission_that_nobody_names_is_only_proposed(self):
        line = self.transfer(9850, "Эквайринг за 01.03")
        self.assertFalse(line.is_reconciled)
        accounts = {one["account_id"][0] for one in line.reconcile_data_info["data"]}
        self.assertLessEqual({self.fees.id, self.on_the_way.id}, accounts)
        line.reconcile_bank_line()
        self.assertTrue(line.is_reconciled)

    def test_a_lump_of_another_sum_is_left_to_a_person(self):
        line = self.transfer(5000, "Эквайринг за 01.03, комиссия 150,00")
        self.assertFalse(line.is_reconciled)
