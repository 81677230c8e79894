from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_finance.tests.common import MONDAY

from .decisions import DecisionCommon


@tagged("post_install", "-at_install")
class TestFinancialBlock(DecisionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = cls.env["clinic.financial.block"]
        cls.chief = new_test_user(
            cls.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        cls.category = cls.env["clinic.patient.category"].create(
            {
                "name": "Ordinary",
                "debt_screening": True,
                "debt_limit": 500,
                "debt_grace_days": 14,
            }
        )

    def block(self, **vals):
        self.patient.invalidate_recordset()
        return self.blocks.create(
            {
                "payer_id": self.patient.partner_id.id,
                "origin": "rule",
                "debt": max(-self.patient.account_balance, 0.0),
                **vals,
            }
        )

    def book_as_registrar(self):
        return self.visits.with_user(self.registrar).book(self.prepare_visit())

    def prepare_visit(self):
        return {
            "service_id": self.service.id,
            "specialist_id": self.specialist.id,
            "patient_id": self.patient.id,
            "start": self.at(MONDAY, "09:00").strftime("%Y-%m-%d %H:%M:%S"),
        }

    def test_who_owes_does_not_book_and_the_desk_reads_why(self):
        self.owe(1000, days=20)
        self.block(since=MONDAY - timedelta(days=20))
        with self.assertRaises(UserError) as caught:
            self.book_as_registrar()
        told = str(caught.exception)
        self.assertIn("1,000", told)
        self.assertIn("02/10/2026", told)
        self.assertNotIn(self.patient.name, told)
        self.assertNotIn(self.service.name, told)

    def test_a_hold_and_a_standing_visit_are_refused_too(self):
        self.owe(1000)
        self.block()
        with self.assertRaises(UserError):
            self.visits.with_user(self.registrar).hold(self.prepare_visit())
        with self.assertRaises(UserError):
            self.env["clinic.appointment.series"].with_user(self.registrar).create(
                {
                    "patient_id": self.patient.id,
                    "specialist_id": self.specialist.id,
                    "service_id": self.service.id,
                    "branch_id": self.branch.id,
                    "weekday": "0",
                    "minute_of_day": 540,
                    "date_from": MONDAY,
                }
            )

    def test_who_has_paid_books_at_once(self):
        invoice = self.owe(1000)
        self.block()
        self.pay(invoice)
        self.assertTrue(self.book_as_registrar())

    def test_a_block_of_the_payer_holds_for_the_child_and_of_nobody_else(self):
        self.let_pay(self.patient, self.other_patient)
        self.owe(1000)
        self.block()
        stranger = self.create_patient("Stranger")
        with self.assertRaises(UserError):
            self.book(patient=self.other_patient)
        self.assertTrue(self.book(patient=stranger))

    def test_a_chief_registrar_lets_pass_for_a_while_and_it_is_kept_why(self):
        self.owe(1000)
        block = self.block()
        block.with_user(self.chief).let_pass("Came with acute need of money")
        log = self.logs.search([("block_id", "=", block.id)])
        self.assertEqual((log.kind, log.overridden_by_id), ("pass", self.chief))
        with self.later(hours=3), self.assertRaises(UserError):
            self.book_as_registrar()
        self.assertTrue(self.book_as_registrar())

    def test_a_registrar_lets_nobody_pass_and_lifts_nothing(self):
        block = self.block().with_user(self.registrar)
        with self.assertRaises(AccessError):
            block.let_pass("Please")
        with self.assertRaises(AccessError):
            block.action_lift()

    def test_a_block_by_hand_holds_whatever_is_owed(self):
        self.block(origin="hand")
        with self.assertRaises(UserError):
            self.book_as_registrar()

    def test_a_block_ends_with_its_day(self):
        self.owe(1000)
        self.block(date_until=MONDAY - timedelta(days=2))
        self.assertTrue(self.book_as_registrar())

    def test_a_block_goes_at_once_when_its_cause_is_paid(self):
        invoice = self.owe(1000, days=20)
        block = self.block()
        with self.later(days=1):
            self.owe(300)
            self.pay(invoice)
        self.assertEqual(block.state, "lifted", "what came later is another matter")

    def test_a_part_of_the_cause_lifts_nothing(self):
        invoice = self.owe(1000, days=20)
        block = self.block()
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"amount": 400})._create_payments()
        self.assertEqual(block.state, "active")

    def test_a_block_for_another_reason_than_debt_is_not_lifted_by_money(self):
        block = self.block(origin="rule", reason="Missed three visits")
        self.pay(self.owe(1000))
        self.blocks._cron_screen()
        self.assertEqual(block.state, "active")
        with self.assertRaisesRegex(UserError, "Missed three visits"):
            self.book_as_registrar()

    def test_a_block_always_says_why(self):
        self.owe(1000, days=20)
        by_debt = self.block(since=MONDAY - timedelta(days=20))
        self.assertRegex(by_debt.cause, r"1,000\.00.* owed since 02/10/2026")
        by_debt.action_lift()
        self.env.flush_all()
        by_hand = self.block(origin="hand", debt=0)
        self.assertIn(by_hand.create_uid.name, by_hand.cause)

    # === LIMITS === #

    def screen(self):
        self.blocks._cron_screen()
        return self.blocks.search(
            [("payer_id", "=", self.patient.partner_id.id), ("lifted_on", "=", False)]
        )

    def test_a_debt_above_the_limit_and_older_than_the_grace_blocks(self):
        self.patient.category_id = self.category
        self.owe(400, days=30)
        self.assertFalse(self.screen(), "below the limit")
        self.owe(200, days=3)
        block = self.screen()
        self.assertEqual((block.origin, block.debt), ("limit", 600))
        self.assertEqual(self.screen(), block, "once")

    def test_a_young_debt_a_promise_and_a_category_without_screening_do_not(self):
        self.owe(1000, days=10)
        self.assertFalse(self.screen(), "no category")
        self.patient.category_id = self.category
        self.assertFalse(self.screen(), "within the grace")
        self.owe(1000, days=20)
        promise = self.env["clinic.payment.promise"].create(
            {"payer_id": self.patient.partner_id.id, "amount": 9, "date": MONDAY}
        )
        self.assertFalse(self.screen(), "promised")
        promise.archive_with_reason("A mistake")
        self.assertTrue(self.screen())

    def test_patients_without_a_category_have_the_limit_of_the_company(self):
        company = self.branch.company_id
        self.owe(1000, days=20)
        self.assertFalse(self.screen(), "switched off")
        company.write({"clinic_debt_screening": True, "clinic_debt_limit": 1000})
        self.assertFalse(self.screen(), "not above the limit")
        company.clinic_debt_limit = 999
        company.clinic_debt_grace_days = 20
        self.assertFalse(self.screen(), "within the grace")
        company.clinic_debt_grace_days = 19
        self.assertEqual(self.screen().debt, 1000)

    def test_a_category_goes_before_the_limit_of_the_company(self):
        self.branch.company_id.write(
            {"clinic_debt_screening": True, "clinic_debt_limit": 100}
        )
        self.category.debt_limit = 2000
        self.patient.category_id = self.category
        self.owe(1000, days=20)
        self.assertFalse(self.screen(), "below the category's")
        self.category.debt_screening = False
        self.assertFalse(self.screen(), "the category is not screened")
        self.patient.category_id = False
        self.assertTrue(self.screen())

    def test_of_several_patients_of_a_payer_the_strictest_limit_counts(self):
        company = self.branch.company_id
        company.write({"clinic_debt_screening": True, "clinic_debt_limit": 5000})
        self.let_pay(self.patient, self.other_patient)
        self.other_patient.category_id = self.category
        self.owe(1000, days=20)
        self.assertTrue(self.screen())

    def test_a_company_has_its_own_limit(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.write({"clinic_debt_screening": True})
        self.owe(1000, days=20)
        self.assertFalse(self.screen())

    def test_exempted_patients_without_a_category_are_let_alone(self):
        self.branch.company_id.clinic_debt_screening = True
        self.env["clinic.decision.exemption"].create(
            {"patient_id": self.patient.id, "reason": "Founder"}
        )
        self.owe(1000, days=20)
        self.assertFalse(self.screen())

    def test_the_block_goes_when_the_debt_is_paid(self):
        self.patient.category_id = self.category
        invoice = self.owe(1000, days=20)
        block = self.screen()
        self.pay(invoice)
        self.assertFalse(self.screen())
        self.assertEqual(block.state, "lifted")
