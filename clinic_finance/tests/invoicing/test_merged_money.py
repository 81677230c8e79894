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
