"""A till with a card terminal, and a cashier whose shift is open."""

from contextlib import contextmanager
from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.clinic_finance.tests.common import FinanceCommon


class CashCommon(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env,
            "till",
            groups="clinic_base.group_cashier",
            clinic_branch_ids=[(6, 0, cls.branch.ids)],
        )
        cls.manager = new_test_user(
            cls.env, "money", groups="clinic_base.group_finance_manager"
        )
        cls.desk = cls.create_desk(cls.branch)
        cls.shift = cls.open_shift()

    @classmethod
    def create_desk(cls, branch, name="Desk 1"):
        """A desk as a finance manager makes it, journals and all."""
        desks = cls.env["clinic.cash.desk"].with_user(cls.manager)
        return desks.create({"name": name, "branch_id": branch.id}).sudo()

    @classmethod
    def open_shift(cls, counted=0.0, reason="", desk=None):
        """A shift that the cashier opens through the dialog."""
        desk = desk or cls.desk
        cls.count(desk.with_user(cls.cashier).action_open_shift(), counted, reason)
        return desk.shift_id

    @classmethod
    def count(cls, action, counted, reason="", user=None):
        """What was counted, put into the dialog that ``action`` opens."""
        count = (
            cls.env["clinic.cash.count"]
            .with_user(user or cls.cashier)
            .browse(action["res_id"])
        )
        count.write({"counted": counted, "reason": reason})
        cls.env.flush_all()
        return count.action_done()

    @contextmanager
    def refused(self, words):
        """What is refused with ``words`` leaves nothing behind, as at the server."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertIn(words, str(caught.exception))

    def close(self, counted, reason="", user=None):
        desk = self.desk.with_user(user or self.cashier)
        return self.count(desk.action_close_shift(), counted, reason, user)

    def transfer(self, kind, amount, reason="Safe", user=None):
        transfers = self.env["clinic.cash.transfer"].with_user(user or self.cashier)
        return transfers.create(
            {
                "kind": kind,
                "desk_id": self.desk.id,
                "amount": amount,
                "reason": reason,
            }
        ).action_done()

    def get_bill(self, patient=None, user=None, **vals):
        sales = self.env["clinic.cash.sale"].with_user(user or self.cashier)
        return sales.get_bill(self.desk.id, (patient or self.patient).id, **vals)

    def pay_at_desk(self, expected, user=None, patient=None, **vals):
        """The answer of a sale; by default exactly in cash."""
        patient = patient or self.patient
        sales = self.env["clinic.cash.sale"].with_user(user or self.cashier)
        asked = {
            "key": str(uuid4()),
            "desk_id": self.desk.id,
            "patient_id": patient.id,
            "payer_id": patient._get_private_payer().id,
            "expected": expected,
            "cash": expected - vals.get("card", 0.0),
            **vals,
        }
        answer = sales.pay(asked)
        self.env.flush_all()
        self.env.invalidate_all()
        return answer

    def get_cash(self):
        self.desk.invalidate_recordset()
        return self.desk.cash_balance
