from odoo.tests import tagged

from .test_receipts_credit import CreditCommon


@tagged("-at_install", "post_install")
class TestReceiptsTold(CreditCommon):
    """Receipts tell what came, what it has paid, and what was rendered."""

    def tell(self):
        """(kind, method, sum) of every receipt's lines, in order."""
        receipts = self.env["clinic.receipt"].search([], order="id")
        return [
            (receipt.kind, line.payment_method, line.amount)
            for receipt in receipts
            for line in receipt.line_ids
        ]

    def get_match(self, payment):
        matches = self.env["clinic.match"].search(
            [("credit_move_id", "=", payment.move_id.id), ("partial_id", "!=", False)]
        )
        return matches.with_user(self.accountant)

    def give_back(self, payment, amount, **vals):
        refund = self.env["clinic.refund"].with_user(self.accountant)
        refund.create(
            {
                "payment_id": payment.id,
                "amount": amount,
                "reason": "Asked",
                "way": "account",
                **vals,
            }
        ).action_refund()

    def test_a_match_undone_after_the_offset_is_told_and_the_service_only_once(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        self.render(visit)
        self.get_match(payment).undo("Another visit was meant")
        told = [
            ("income", "full_prepayment", 3000),
            ("offset", "full_payment", 3000),
            ("offset_back", "full_payment", 3000),
        ]
        self.assertEqual(self.tell(), told)
        self.pay(visit.charge_ids.move_line_ids.move_id)
        self.assertEqual(self.tell(), [*told, ("income", "full_payment", 3000)])

    def test_matched_again_it_is_offset_again(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        self.render(visit)
        match = self.get_match(payment)
        match.undo("Another visit was meant")
        match.action_match_again()
        self.assertEqual(self.tell()[3:], [("offset", "full_payment", 3000)])

    def test_a_match_undone_after_the_day_leaves_the_service_on_credit(self):
        visit = self.book()
        payment = self.pay_for(visit.charge_ids)
        self.render(visit)
        self.close_day()
        self.get_match(payment).undo("Another visit was meant")
        self.assertEqual(
            self.tell()[2:],
            [("offset_back", "full_payment", 3000), ("credit", "credit", 3000)],
        )

    def test_money_of_a_cancelled_visit_pays_the_credit_of_another(self):
        owed, other = self.render(self.book()), self.book("10:00")
        self.pay_for(other.charge_ids)
        self.close_day()
        other.cancel(self.reason.id)
        self.env["clinic.match"]._match(self.patient.partner_id)
        self.assertEqual(owed.charge_ids.state, "paid")
        self.assertEqual(
            self.tell(),
            [
                ("income", "full_prepayment", 3000),
                ("credit", "credit", 3000),
                ("offset", "credit_payment", 3000),
            ],
        )

    def test_a_correction_without_money_back_is_returned_to_the_account(self):
        visit = self.render(self.book())
        payment = self.pay(visit.charge_ids.move_line_ids.move_id)
        self.give_back(payment, 1000)
        self.assertEqual(
            self.tell(),
            [("income", "full_payment", 3000), ("offset_back", "full_payment", 1000)],
        )

    def test_a_correction_of_a_service_on_credit_lowers_the_credit(self):
        visit = self.render(self.book())
        invoice = visit.charge_ids.move_line_ids.move_id
        self.close_day()
        invoice._credit({invoice.invoice_line_ids: 1000})
        self.assertEqual(self.tell()[1:], [("credit_back", "credit", 1000)])
        self.pay(invoice)
        self.assertEqual(self.tell()[2:], [("income", "credit_payment", 2000)])
        payment = self.env["account.payment"].search(
            [("partner_id", "=", self.patient.partner_id.id)]
        )
        self.give_back(payment, 500)
        self.assertEqual(
            self.tell()[3:],
            [("offset_back", "credit_payment", 500), ("credit_back", "credit", 500)],
        )

    def test_a_fee_taken_out_of_a_prepayment_is_offset(self):
        self.branch.no_show_percent = 50
        visit = self.book()
        self.pay_for(visit.charge_ids)
        with self.at_moment(visit.stop), self.without_commits():
            visit.action_no_show()
            self.env["clinic.charge"]._cron_invoice()
        self.assertEqual(
            self.tell(),
            [("income", "full_prepayment", 3000), ("offset", "full_payment", 1500)],
        )
        fee = visit.charge_ids.filtered(lambda charge: charge.kind == "no_show")
        fee.sudo()._cancel()
        self.assertEqual(self.tell()[2:], [("offset_back", "full_payment", 1500)])

    def test_money_that_goes_back_is_taken_off_the_service_that_it_had_paid(self):
        visit = self.render(self.book())
        payment = self.pay(visit.charge_ids.move_line_ids.move_id)
        self.give_back(
            payment,
            1000,
            way="bank",
            bank_journal_id=payment.journal_id.id,
            application="No. 1",
        )
        self.assertEqual(self.tell()[1:], [("refund", "full_payment", 1000)])
        self.close_day()
        self.assertEqual(self.tell()[2:], [("credit", "partial_payment", 1000)])

    def test_an_insurers_payment_makes_none(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Policy", "partner_id": insurer.id}
        )
        visit = self.render(self.book(payment_source_id=source.id))
        invoice = visit.charge_ids.move_line_ids.move_id
        invoice.clinic_patient_id = False
        self.close_day()
        self.assertFalse(self.tell())
