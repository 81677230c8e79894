from odoo.tests import tagged

from .cash import CashCommon


@tagged("-at_install", "post_install")
class TestCashAccounts(CashCommon):
    """In the Russian plan, cards are on 57.03 and cash on its way on 57.02."""

    @classmethod
    def create_desk(cls, branch, name="Desk 1"):
        company = branch.company_id
        accounts = cls.env["account.account"].with_company(company)
        for code, name_ in (("57.02", "Cash on its way"), ("57.03", "Cards")):
            accounts.create(
                {
                    "code": code,
                    "name": name_,
                    "account_type": "asset_current",
                    "reconcile": True,
                    "company_ids": [(6, 0, company.ids)],
                }
            )
        return super().create_desk(branch, name)

    def get_codes(self, moves):
        return {line.account_id.code: line.balance for line in moves.line_ids}

    def test_a_payment_by_card_waits_for_the_acquirer_on_57_03(self):
        charges = self.book().charge_ids
        answer = self.pay_at_desk(3000, charge_ids=charges.ids, card=3000, cash=0)
        payment = self.env["clinic.cash.sale"].browse(answer["sale_id"]).payment_ids
        self.assertEqual(self.get_codes(payment.move_id)["57.03"], 3000)

    def test_cash_for_the_bank_is_on_its_way_on_57_02(self):
        charges = self.book().charge_ids
        self.pay_at_desk(3000, charge_ids=charges.ids)
        self.transfer("out", 2000, "To the bank")
        move = self.env["account.move"].search(
            [("clinic_cash_kind", "=", "out")], limit=1
        )
        self.assertEqual(self.get_codes(move)["57.02"], 2000)

    def test_two_terminals_share_57_03(self):
        other = self.create_another()
        terminals = (self.desk | other).terminal_journal_id
        self.assertEqual(len(terminals), 2)
        self.assertEqual(terminals.default_account_id.code, "57.03")

    def create_another(self):
        desks = self.env["clinic.cash.desk"].with_user(self.manager)
        return desks.create({"name": "Desk 2", "branch_id": self.branch.id}).sudo()
