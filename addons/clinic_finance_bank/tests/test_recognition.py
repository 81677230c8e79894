from odoo.tests import tagged

from .common import BankCommon


@tagged("-at_install", "post_install")
class TestRecognition(BankCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.clinic_bank_automatic = True

    def get_proposed(self, line):
        """Entries that the reconcile screen shows against the transaction."""
        ids = line.reconcile_data_info["counterparts"]
        return self.env["account.move.line"].browse(ids).move_id

    def get_log(self, line):
        return self.env["clinic.match"].search(
            [("credit_move_id", "=", line.move_id.id)]
        )

    def test_a_named_invoice_paid_exactly_is_reconciled_and_explained(self):
        visit = self.book()
        invoice = self.invoice(visit)
        line = self.transfer(3000, f"Оплата по счёту {invoice.name}")
        self.assertTrue(line.is_reconciled)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(visit.charge_ids.state, "paid")
        self.assertEqual(line.partner_id, self.patient.partner_id)
        log = self.get_log(line)
        self.assertEqual((log.rule, log.amount), ("named", 3000))
        self.assertEqual(log.patient_id, self.patient)
        self.assertIn(invoice.name, log.explanation)

    def test_the_money_carries_the_patient_whoever_paid(self):
        self.let_pay(self.patient, self.other_patient)
        invoice = self.invoice(self.book(patient=self.other_patient))
        line = self.transfer(invoice.amount_total, invoice.name)
        items = line.move_id.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        self.assertEqual(items.partner_id, self.patient.partner_id)
        self.assertEqual(items.clinic_patient_id, self.other_patient)

    def test_unless_switched_on_everything_is_only_proposed(self):
        self.company.clinic_bank_automatic = False
        invoice = self.invoice(self.book())
        line = self.transfer(3000, invoice.name)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(self.get_proposed(line), invoice)
        line.reconcile_bank_line()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.get_log(line))

    def test_a_part_of_a_name_is_nobodys(self):
        self.create_patient("Гусев Павел Дмитриевич")
        for payer in ("Дмитриев", "Гусев", "Павел Дмитриевич", "усев Павел"):
            with self.subTest(payer):
                line = self.transfer(500, "За услуги", partner_name=payer)
                self.assertFalse(line.partner_id)

    def test_the_whole_name_or_without_the_patronymic_is_the_patients(self):
        patient = self.create_patient("Гусев Артём Дмитриевич")
        for payer in ("ГУСЕВ АРТЁМ ДМИТРИЕВИЧ", "Гусев Артём"):
            with self.subTest(payer):
                line = self.transfer(500, "За услуги", partner_name=payer)
                self.assertEqual(line.partner_id, patient.partner_id)

    def test_another_amount_is_proposed(self):
        invoice = self.invoice(self.book())
        for amount in (2999, 3001):
            line = self.transfer(amount, invoice.name)
            self.assertFalse(line.is_reconciled, amount)
            self.assertEqual(self.get_proposed(line), invoice)
        self.assertEqual(invoice.amount_residual, 3000)

    def test_a_known_payers_only_invoice_of_just_this_sum_is_proposed(self):
        invoice = self.invoice(self.book())
        payer = self.patient.partner_id
        line = self.transfer(3000, "За услуги", partner_id=payer.id)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(self.get_proposed(line), invoice)
        self.invoice(self.book("10:00"))
        line = self.transfer(3000, "За услуги", partner_id=payer.id)
        self.assertFalse(self.get_proposed(line), "two of that sum")

    def test_a_short_number_is_proposed(self):
        invoice = self.invoice(self.book())
        line = self.transfer(3000, f"Оплата по счёту {invoice.sequence_number}")
        self.assertFalse(line.is_reconciled)
        self.assertEqual(self.get_proposed(line), invoice)

    def test_a_visit_and_a_telephone_are_understood(self):
        first, second = self.book(), self.book("10:00")
        owed = self.invoice(first)
        by_visit = self.transfer(3000, f"Приём № {first.id}")
        self.assertEqual(owed.payment_state, "paid")
        self.assertEqual(self.get_log(by_visit).rule, "named")
        owed = self.invoice(second)
        by_phone = self.transfer(3000, "За услуги, тел. 8 916 123-45-67")
        self.assertEqual(owed.payment_state, "paid")
        log = self.get_log(by_phone)
        self.assertEqual(log.rule, "person")
        self.assertIn(owed.name, log.explanation)

    def test_two_invoices_paid_in_one_sum(self):
        owed = self.invoice(self.book()) | self.invoice(self.book("10:00"))
        line = self.transfer(6000, " и ".join(owed.mapped("name")))
        self.assertTrue(line.is_reconciled)
        self.assertEqual(set(owed.mapped("payment_state")), {"paid"})
        self.assertEqual(self.get_log(line).debit_move_id, owed)

    def test_a_lump_of_the_acquirer_waits_for_a_person(self):
        invoice = self.invoice(self.book())
        line = self.transfer(3000, f"Возмещение эквайринга, {invoice.name}")
        self.assertFalse(line.is_reconciled)
        self.assertFalse(line.partner_id)
        self.assertFalse(self.get_proposed(line))

    def test_what_goes_out_is_not_recognised_as_income(self):
        invoice = self.invoice(self.book())
        line = self.transfer(-3000, f"Возврат {invoice.name}")
        self.assertFalse(line.is_reconciled)
        self.assertEqual(invoice.amount_residual, 3000)

    def test_money_from_anothers_account_is_proposed_only(self):
        invoice = self.invoice(self.book())
        other = self.other_patient.partner_id
        line = self.transfer(3000, invoice.name, partner_id=other.id)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(line.partner_id, other)
        self.assertEqual(self.get_proposed(line), invoice)

    def test_namesakes_are_nobody(self):
        twin = self.create_patient(self.patient.name)
        line = self.transfer(500, "За услуги", partner_name=self.patient.name)
        self.assertFalse(line.partner_id)
        twin.name = "Pavel Kuznetsov"
        line = self.transfer(500, "За услуги", partner_name=twin.name)
        self.assertEqual(line.partner_id, twin.partner_id)

    def test_an_undone_match_stays_undone(self):
        invoice = self.invoice(self.book())
        line = self.transfer(3000, invoice.name)
        self.get_log(line).with_user(self.accountant).undo("Paid by mistake")
        self.assertEqual(invoice.amount_residual, 3000)
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_finance.ir_cron_match_payments"
            ).method_direct_trigger()
        self.assertEqual(invoice.amount_residual, 3000)
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.account_balance, 0)

    def test_an_invoice_of_another_company_is_not_touched(self):
        other = self.env["res.company"].create({"name": "Other"})
        invoice = self.invoice(self.book())
        found = self.env["account.bank.statement.line"]._find_debts(
            other, {1: (invoice.name, 3000)}
        )
        self.assertFalse(found)

    def test_statements_do_not_grow_with_transfers(self):
        def count(size):
            lines = self.env["account.bank.statement.line"]
            transfers = {
                number: (f"{invoice.name} т. 8 916 123-45-67, {number}", 10)
                for number in range(size)
            }
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = lines._find_debts(self.company, transfers)
            self.assertEqual(len(found), size)
            return self.env.cr.sql_log_count - before

        invoice = self.invoice(self.book())
        count(1)
        self.assertEqual(count(2), count(9))
