from odoo.tests import tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestRevenue(FinanceCommon):
    """Revenue when the service is rendered; until then money is an advance (62.02)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.branch.company_id
        cls.advances = cls.company._get_advance_account()
        cls.debts = cls.patient.partner_id.property_account_receivable_id

    def get_balance(self, account, partner=None):
        items = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("partner_id", "=", (partner or self.patient.partner_id).id),
            ]
        )
        return sum(items.mapped("balance"))

    def get_revenue(self):
        items = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("clinic_patient_id", "=", self.patient.id),
                ("account_id.account_type", "=", "income"),
            ]
        )
        return -sum(items.mapped("balance"))

    def check(self, balance, advances, debts, revenue):
        self.env.invalidate_all()
        self.assertEqual(
            (
                self.patient.account_balance,
                self.get_balance(self.advances),
                self.get_balance(self.debts),
                self.get_revenue(),
            ),
            (balance, advances, debts, revenue),
        )

    def test_a_coming_visit_is_nothing_in_the_ledger(self):
        visit = self.book()
        visit.charge_ids._ask()
        self.check(0, 0, 0, 0)
        self.assertEqual(visit.amount_due, 3000)

    def test_what_is_paid_before_is_an_advance(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        self.check(3000, -3000, 0, 0)
        self.assertEqual((visit.amount_due, visit.charge_ids.state), (0, "paid"))

    def test_rendering_posts_revenue_and_takes_the_advance(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        self.render(visit)
        self.check(0, 0, 0, 3000)
        invoice = visit.charge_ids.move_line_ids.move_id
        self.assertEqual(invoice.payment_state, "paid")
        [partial] = payment._get_partials()
        self.assertEqual(partial.debit_move_id.move_id, invoice)
        self.assertEqual(partial.amount, 3000)

    def test_an_unpaid_visit_is_a_debt_once_it_is_rendered(self):
        visit = self.render(self.book())
        self.check(-3000, 0, 3000, 3000)
        self.assertEqual(visit.amount_due, 3000)
        self.pay(visit.charge_ids.move_line_ids.move_id)
        self.check(0, 0, 0, 3000)
        self.assertEqual(visit.amount_due, 0)

    def test_a_visit_given_up_touches_no_revenue(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        visit.cancel(self.reason.id)
        self.check(3000, -3000, 0, 0)
        self.assertFalse(visit.charge_ids.move_line_ids)

    def test_free_money_pays_the_oldest_coming_visit(self):
        late, soon = self.book("11:00"), self.book("09:00")
        late.charge_ids._as_engine().date = soon.charge_ids.date.replace(day=28)
        payment = self.pay_for(self.book("10:00").charge_ids, 3000)
        named = payment.clinic_charge_ids
        named.appointment_id.cancel(self.reason.id)
        self.env.invalidate_all()
        self.assertEqual((soon.amount_due, late.amount_due), (0, 3000))

    def test_named_money_waits_while_something_older_is_owed(self):
        owed = self.render(self.book("09:00"))
        coming = self.book("10:00")
        self.pay_for(coming.charge_ids)
        self.env["clinic.match"]._match(self.patient.partner_id)
        self.env.invalidate_all()
        self.assertEqual((owed.amount_due, coming.amount_due), (3000, 0))
        self.check(0, -3000, 3000, 3000)

    def test_money_that_nobody_named_pays_what_is_owed_first(self):
        owed = self.render(self.book("09:00"))
        coming = self.book("10:00")
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.patient.partner_id.id,
                "clinic_patient_id": self.patient.id,
                "amount": 4000,
            }
        )
        payment.action_post()
        self.assertEqual(payment.destination_account_id, self.advances)
        self.env.invalidate_all()
        self.assertEqual((owed.amount_due, coming.amount_due), (0, 2000))
        self.check(1000, -1000, 0, 3000)

    def test_a_part_paid_visit_asks_for_the_rest_with_taxes(self):
        tax = self.env["account.tax"].create(
            {
                "name": "22",
                "amount": 22,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
            }
        )
        self.service.taxes_id = tax
        visit = self.book()
        self.assertEqual(visit.amount_due, 3660)
        self.pay_for(visit.charge_ids, 1000)
        self.env.invalidate_all()
        self.assertEqual(visit.amount_due, 2660)
        self.render(visit)
        self.env.invalidate_all()
        self.assertEqual(visit.amount_due, 2660)
        # The tax has no account of its own here.
        self.check(-2660, 0, 2660, 3660)

    def test_a_match_taken_apart_makes_the_money_an_advance_again(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        self.render(visit)
        match = self.env["clinic.match"].search(
            [("payer_id", "=", self.patient.partner_id.id)]
        )
        match.with_user(self.accountant).undo("Another visit was meant")
        self.check(0, -3000, 3000, 3000)
        match.with_user(self.accountant).action_match_again()
        self.check(0, 0, 0, 3000)

    def test_money_of_odoos_dialog_taken_apart_is_an_advance_at_once(self):
        visit = self.render(self.book())
        invoice = visit.charge_ids.move_line_ids.move_id
        for part in ("undo", "js_remove", "remove_move_reconcile"):
            payment = self.pay(invoice)
            match = (
                self.env["clinic.match"]
                .search([("credit_move_id", "=", payment.move_id.id)])
                .with_user(self.accountant)
            )
            if part == "undo":
                match.undo("Another visit was meant")
            elif part == "js_remove":
                invoice.with_user(self.accountant).js_remove_outstanding_partial(
                    match.partial_id.id
                )
            else:
                lines = match.partial_id.credit_move_id.with_user(self.accountant)
                lines.remove_move_reconcile()
            paid = 3000 * self.env["account.payment"].search_count(
                [("partner_id", "=", self.patient.partner_id.id)]
            )
            self.check(paid - 3000, -paid, 3000, 3000)

    def test_other_free_money_pays_what_was_taken_apart(self):
        visit = self.render(self.book())
        payment = self.pay(visit.charge_ids.move_line_ids.move_id)
        other = self.book("10:00")
        self.pay_for(other.charge_ids)
        other.cancel(self.reason.id)
        match = self.env["clinic.match"].search(
            [("credit_move_id", "=", payment.move_id.id)]
        )
        match.with_user(self.accountant).undo("Another visit was meant")
        self.check(3000, -3000, 0, 3000)
        self.assertEqual(visit.charge_ids.state, "paid")

    def test_the_statement_tells_money_and_services_and_no_transfers(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        self.render(visit)
        action = self.patient.with_user(self.accountant).action_open_account()
        statement = self.env["clinic.statement"].browse(action["res_id"])
        self.assertEqual(sorted(statement.line_ids.mapped("charged")), [0, 3000])
        self.assertEqual(sorted(statement.line_ids.mapped("paid")), [0, 3000])
        self.assertEqual(statement.closing, 0)

    def test_one_visit_of_a_joint_request_is_rendered_the_other_waits(self):
        first, second = self.book("09:00"), self.book("10:00")
        charges = (first | second).charge_ids
        request = self.ask(charges[0])
        request._as_engine().charge_ids = charges
        self.pay_for(charges)
        self.assertEqual((request.state, request.amount_due), ("paid", 0))
        self.render(first)
        self.check(3000, -3000, 0, 3000)
        second.cancel(self.reason.id)
        self.env.invalidate_all()
        self.assertEqual((request.state, request.amount), ("paid", 3000))
        self.check(3000, -3000, 0, 3000)

    def test_money_after_a_cancellation_is_a_persons_task(self):
        visit = self.book()
        charges = visit.charge_ids
        visit.cancel(self.reason.id)
        payment = self.pay_for(charges, 3000)
        self.assertEqual(len(payment.activity_ids), 1)
        self.check(3000, -3000, 0, 0)

    def test_money_back_for_a_coming_visit_is_asked_for_again(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        journal = self.env["account.journal"].search(
            [("type", "in", ("cash", "bank")), ("company_id", "=", self.company.id)],
            limit=1,
        )
        refund = self.env["clinic.refund"].create(
            {
                "payment_id": payment.id,
                "amount": 1000,
                "way": "cash",
                "journal_id": journal.id,
                "reason": "Asked",
            }
        )
        refund.sudo()._pay_out(journal)
        self.env.invalidate_all()
        self.assertEqual(visit.amount_due, 1000)
        self.check(2000, -2000, 0, 0)
