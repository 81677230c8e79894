from odoo.tests import new_test_user, tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestMergedMoney(FinanceCommon):
    """What was paid and owed on a card that was merged is in sight on the kept one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = new_test_user(
            cls.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )

    def merge(self, kept, merged):
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        merges._merge(kept.with_user(self.chief), merged.with_user(self.chief))
        self.env.invalidate_all()

    def test_the_balance_of_the_kept_card_is_of_both(self):
        self.pay_for(self.book(patient=self.other_patient).charge_ids)
        self.render(self.book("10:00"))
        third = self.create_patient("Once More")
        self.pay_for(self.book("11:00", patient=third).charge_ids, 500)
        self.merge(self.other_patient, third)
        self.merge(self.patient, self.other_patient)
        self.assertEqual(self.patient.account_balance, 3000 + 500 - 3000)

    def test_the_statement_tells_of_both(self):
        self.pay_for(self.book(patient=self.other_patient).charge_ids)
        self.merge(self.patient, self.other_patient)
        action = self.patient.with_user(self.accountant).action_open_account()
        statement = self.env["clinic.statement"].browse(action["res_id"])
        self.assertEqual((statement.closing, statement.line_ids.paid), (3000, 3000))

    def give_up(self, patient):
        """Whatever the patient has booked is cancelled; the money is free."""
        visits = self.visits.search(
            [("patient_id", "=", patient.id), ("state", "=", "booked")]
        )
        visits.cancel(self.reason.id)

    def get_residuals(self, *visits):
        return [
            visit.charge_ids.move_line_ids.move_id.amount_residual for visit in visits
        ]

    def test_money_of_the_merged_card_pays_what_the_kept_one_owes(self):
        owed = self.render(self.book())
        self.pay_for(self.book("10:00", patient=self.other_patient).charge_ids, 1000)
        self.give_up(self.other_patient)
        self.merge(self.patient, self.other_patient)
        self.assertEqual(self.get_residuals(owed), [2000])
        self.assertEqual(self.patient.account_balance, -2000)

    def test_money_of_the_kept_card_pays_what_the_merged_one_owes(self):
        owed = self.render(self.book(patient=self.other_patient))
        self.pay_for(self.book("10:00").charge_ids, 3000)
        self.give_up(self.patient)
        self.merge(self.patient, self.other_patient)
        self.assertEqual(self.get_residuals(owed), [0])
        self.assertEqual(owed.charge_ids.state, "paid")

    def test_money_that_comes_later_for_the_old_card_pays_the_kept_one(self):
        self.merge(self.patient, self.other_patient)
        owed = self.render(self.book())
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.other_patient.partner_id.id,
                "clinic_patient_id": self.other_patient.id,
                "amount": 3000,
            }
        )
        payment.action_post()
        self.assertEqual(self.get_residuals(owed), [0])
        coming = self.book("11:00")
        self.assertEqual(coming.amount_due, 3000)

    def test_a_visit_to_come_is_covered_by_money_of_the_merged_card(self):
        self.pay_for(self.book("10:00", patient=self.other_patient).charge_ids, 3000)
        self.give_up(self.other_patient)
        visit = self.book()
        self.merge(self.patient, self.other_patient)
        self.assertEqual((visit.amount_due, visit.charge_ids.state), (0, "paid"))

    def test_an_undone_merge_gives_each_card_its_own_money_back(self):
        owed = self.render(self.book())
        self.pay_for(self.book("10:00", patient=self.other_patient).charge_ids, 1000)
        self.give_up(self.other_patient)
        self.merge(self.patient, self.other_patient)
        merge = self.env["clinic.patient.merge"].search([], limit=1)
        for _press in range(2):
            merge.with_user(self.chief).action_undo()
        self.env.invalidate_all()
        self.assertEqual(self.get_residuals(owed), [3000])
        balances = (self.patient.account_balance, self.other_patient.account_balance)
        self.assertEqual(balances, (-3000, 1000))
