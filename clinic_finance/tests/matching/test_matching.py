from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...tools.matching import Credit, Debit, match, names
from ..common import FinanceCommon

OLD, NEW = date(2026, 1, 1), date(2026, 2, 1)


@tagged("-at_install", "post_install")
class TestRules(BaseCase):
    def pair(self, credits, debits):
        return [
            (found.credit, found.debit, found.amount, found.rule)
            for found in match(credits, debits)
        ]

    def test_the_oldest_invoice_goes_first_and_what_is_over_goes_on(self):
        self.assertEqual(
            self.pair([Credit(1, NEW, 150)], [Debit(8, NEW, 100), Debit(9, OLD, 100)]),
            [(1, 9, 100, "oldest"), (1, 8, 50, "oldest")],
        )

    def test_a_named_invoice_is_not_taken_by_an_older_payment(self):
        number = frozenset({"INV/2026/00008"})
        debits = [Debit(8, OLD, 100, documents=frozenset({80}), numbers=number)]
        credits = [
            Credit(1, OLD, 100),
            Credit(2, NEW, 100, text="за услуги по счёту inv/2026/00008."),
        ]
        self.assertEqual(self.pair(credits, debits), [(2, 8, 100, "named")])
        made_for = [Credit(1, OLD, 9), Credit(2, NEW, 9, documents=frozenset({80}))]
        self.assertEqual(self.pair(made_for, debits)[0], (2, 8, 9, "named"))

    def test_a_number_counts_only_by_itself(self):
        self.assertTrue(names("Оплата INV/2026/00008, спасибо", "INV/2026/00008"))
        for text in ("INV/2026/000081", "RINV/2026/00008", "X/INV/2026/00008", ""):
            self.assertFalse(names(text, "INV/2026/00008"), text)
        self.assertFalse(names("anything", ""))

    def test_money_for_a_child_pays_the_child_first_then_the_family(self):
        debits = [Debit(8, OLD, 100, patient=5), Debit(9, NEW, 100, patient=6)]
        self.assertEqual(
            self.pair([Credit(1, NEW, 150, patient=6)], debits),
            [(1, 9, 100, "patient"), (1, 8, 50, "oldest")],
        )
        only = Credit(1, NEW, 150, patient=6, only_patient=True)
        self.assertEqual(self.pair([only], debits), [(1, 9, 100, "patient")])

    def test_nothing_is_given_twice(self):
        credits = [Credit(ident, OLD, 70, patient=ident) for ident in (1, 2, 3)]
        debits = [Debit(ident, NEW, 50, patient=ident % 3) for ident in range(4, 8)]
        found = match(credits, debits)
        self.assertEqual(sum(one.amount for one in found), 200)
        for credit in credits:
            spent = sum(one.amount for one in found if one.credit == credit.ident)
            self.assertLessEqual(spent, credit.amount)


@tagged("-at_install", "post_install")
class TestMatching(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(cls.env, "till", groups="clinic_base.group_cashier")
        cls.matches = cls.env["clinic.match"]

    def take(self, amount, patient=None, **vals):
        """A posted payment of ``amount`` by the patient's payer."""
        patient = patient or self.patient
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": patient._get_private_payer().id,
                "clinic_patient_id": patient.id,
                "amount": amount,
                **vals,
            }
        )
        payment.action_post()
        return payment

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_finance.ir_cron_match_payments"
            ).method_direct_trigger()

    def get_log(self, payment):
        return self.matches.search([("credit_move_id", "=", payment.move_id.id)])

    def test_a_payment_finds_the_oldest_invoice_and_says_so(self):
        first, second = self.invoice(self.book()), self.invoice(self.book("10:00"))
        payment = self.take(4000)
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 2000))
        log = self.get_log(payment).sorted("id")
        self.assertEqual(log.debit_move_id, first + second)
        self.assertEqual(log.mapped("amount"), [3000, 1000])
        self.assertEqual(set(log.mapped("rule")), {"patient"})
        self.assertIn(first.name, log[0].explanation)
        self.assertEqual(log[0].state, "matched")

    def test_the_receipt_names_what_the_money_has_found(self):
        self.invoice(self.book())
        receipt = self.take(3500).clinic_receipt_ids
        self.assertEqual(
            receipt.line_ids.mapped("payment_method"), ["full_prepayment", "advance"]
        )

    def test_an_invoice_named_in_the_purpose_goes_first(self):
        first, second = self.invoice(self.book()), self.invoice(self.book("10:00"))
        payment = self.take(3000, memo=f"Оплата по счету {second.name.lower()}")
        self.assertEqual((first.amount_residual, second.amount_residual), (3000, 0))
        self.assertEqual(self.get_log(payment).rule, "named")

    def test_a_payment_made_for_an_invoice_goes_there(self):
        self.invoice(self.book())
        second = self.invoice(self.book("10:00"))
        payment = self.pay(second)
        self.assertEqual(second.payment_state, "paid")
        self.assertEqual(self.get_log(payment).debit_move_id, second)

    def test_money_for_one_child_only_waits_for_that_child(self):
        self.let_pay(self.patient, self.other_patient)
        mine = self.invoice(self.book())
        self.take(1000, self.other_patient, clinic_only_patient=True)
        self.run_cron()
        self.assertEqual(mine.amount_residual, 3000)
        theirs = self.invoice(self.book("10:00", patient=self.other_patient))
        self.run_cron()
        self.assertEqual((mine.amount_residual, theirs.amount_residual), (3000, 2000))

    def test_the_cron_matches_what_came_before_the_invoice_once(self):
        payment = self.take(5000)
        invoice = self.invoice(self.book())
        self.run_cron()
        self.run_cron()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(len(self.get_log(payment)), 1)
        self.patient.invalidate_recordset()
        self.assertEqual(self.patient.account_balance, 2000)

    def test_an_insurer_pays_only_what_it_names(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Policy", "kind": "insurer", "partner_id": insurer.id}
        )
        first = self.invoice(self.book(payment_source_id=source.id))
        second = self.invoice(self.book("10:00", payment_source_id=source.id))
        self.assertEqual(first.partner_id, insurer)
        self.take(3000, partner_id=insurer.id)
        self.assertEqual(first.amount_residual, 3000)
        self.take(3000, partner_id=insurer.id, memo=second.name)
        self.assertEqual((first.amount_residual, second.amount_residual), (3000, 0))

    def test_an_accountant_undoes_a_match_with_a_reason_and_the_cron_respects_it(self):
        visit = self.book()
        invoice = self.invoice(visit)
        payment = self.take(3000)
        log = self.get_log(payment).with_user(self.accountant)
        with self.assertRaises(UserError):
            log.undo(" ")
        log.undo("Paid for the other visit")
        self.assertEqual((log.state, log.undone_by_id), ("undone", self.accountant))
        self.assertEqual(invoice.amount_residual, 3000)
        self.assertEqual(visit.charge_ids.state, "invoiced")
        self.run_cron()
        self.assertEqual(invoice.amount_residual, 3000)
        log.action_match_again()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(visit.charge_ids.state, "paid")
        self.assertEqual(len(self.get_log(payment)), 2)

    def test_another_payment_may_pay_what_was_undone(self):
        invoice = self.invoice(self.book())
        log = self.get_log(self.take(3000)).with_user(self.accountant)
        log.undo("Wrong family")
        self.take(3000)
        self.assertEqual(invoice.amount_residual, 0)

    def test_undoing_is_for_accountants(self):
        self.invoice(self.book())
        log = self.get_log(self.take(3000))
        system = new_test_user(self.env, "root2", groups="base.group_system")
        for user in (self.cashier, self.registrar, system):
            for method, args in (("undo", ["Why"]), ("action_match_again", [])):
                with (
                    self.assertRaises(AccessError),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    getattr(log.with_user(user), method)(*args)
        self.assertEqual(log.state, "matched")

    def test_a_cancelled_visit_frees_its_money_for_the_next_one(self):
        visit, later = self.book(), self.book("10:00")
        self.invoice(visit)
        payment = self.take(3000)
        owed = self.invoice(later)
        visit.cancel(self.reason.id)
        log = self.get_log(payment).sorted("id")
        self.assertEqual(log.mapped("state"), ["released", "matched"])
        self.assertEqual(owed.payment_state, "paid")

    def test_who_has_no_money_is_not_gone_through(self):
        other = self.create_patient("Other")
        visit, later = self.book(), self.book("10:00", patient=other)
        self.take(1000)
        charges = visit.charge_ids | later.charge_ids
        keys = type(self.matches)._get_debt_keys
        with patch.object(
            type(self.matches), "_get_debt_keys", autospec=True, side_effect=keys
        ) as asked:
            charges._cover(charges.payer_id)
        self.assertEqual(asked.call_args.args[2], visit.charge_ids)
        self.assertEqual(later.charge_ids.state, "open")

    def test_a_cashier_takes_money_that_is_matched(self):
        invoice = self.invoice(self.book())
        payments = self.env["account.payment"].with_user(self.cashier)
        payment = payments.create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.patient.partner_id.id,
                "clinic_patient_id": self.patient.id,
                "amount": 3000,
            }
        )
        payment.action_post()
        self.assertEqual(invoice.payment_state, "paid")

    def test_one_bad_payer_stops_no_other(self):
        self.take(3000)
        self.take(3000, self.other_patient)
        visits = self.book(), self.book("10:00", patient=self.other_patient)
        prepare = type(self.matches)._prepare_credit

        def fail_for_mine(matches, item, unit):
            if item.partner_id == self.patient.partner_id:
                raise ValueError("Broken")
            return prepare(matches, item, unit)

        self.patch(type(self.matches), "_prepare_credit", fail_for_mine)
        with mute_logger("odoo.addons.clinic_finance.models.matching.clinic_match_run"):
            mine, theirs = map(self.invoice, visits)
            self.run_cron()
        self.assertEqual((mine.amount_residual, theirs.amount_residual), (3000, 0))

    def open_pairs(self, size):
        """Payments and invoices of as many payers, not matched yet."""
        pairs = []
        for number in range(size):
            patient = self.create_patient(f"Patient {number}")
            # Among the debts, so that Odoo's own reconciliation can do the same.
            account = patient.partner_id.property_account_receivable_id
            with patch.object(type(self.matches), "_sweep"):
                payment = self.take(100, patient, destination_account_id=account.id)
            invoice = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": patient.partner_id.id,
                    "clinic_patient_id": patient.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Visit", "price_unit": 100, "tax_ids": False}
                        )
                    ],
                }
            )
            invoice.action_post()
            pairs.append(
                (payment.move_id | invoice).line_ids.filtered(
                    lambda line: line.account_type == "asset_receivable"
                )
            )
        self.env.cr.flush()
        self.env.invalidate_all()
        return pairs

    def count(self, method, argument):
        before = self.env.cr.sql_log_count
        method(argument)
        # Odoo's chatter tells of paid invoices before the commit, for both alike.
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def test_beside_the_reconciliation_statements_do_not_grow_with_payers(self):
        items = self.env["account.move.line"]
        extra = []
        for size in (3, 3, 9):  # the first fills the caches
            plain = self.count(items._reconcile_plan, self.open_pairs(size))
            payers = items.concat(*self.open_pairs(size)).partner_id
            self.env.invalidate_all()
            extra.append(self.count(self.matches._match, payers) - plain)
        self.assertLessEqual(extra[2], extra[1])
