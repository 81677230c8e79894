from datetime import timedelta

from odoo.tests import tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestReceiptsRestored(FinanceCommon):
    """What the lost clinic may have printed is not printed again by itself."""

    def in_cron(self, name):
        """The environment of a scheduled action that was due before the release."""
        cron = self.env.ref(f"clinic_finance.{name}")
        cron.nextcall = self.env.cr.now() - timedelta(hours=1)
        self.env["clinic.quiet"].begin()
        self.env["clinic.quiet"].release()
        return self.env(context={**self.env.context, "cron_id": cron.id})

    def test_what_a_scheduled_action_makes_again_waits_for_a_person(self):
        payment = self.pay_for(self.book().charge_ids)
        receipt = payment.clinic_receipt_ids
        self.assertEqual(receipt.state, "pending")
        same = ("patient_id", "payer_id", "payment_id", "company_id", "currency_id")
        vals = {name: receipt[name].id for name in same}
        vals |= {"kind": receipt.kind, "amount": receipt.amount}
        env = self.in_cron("ir_cron_close_days")
        again = env["clinic.receipt"]._create_once([{**vals, "key": "again"}])
        self.assertEqual(again.state, "unsure")
        again = again.with_env(self.env(user=self.accountant))
        for _press in range(2):
            again.action_hand_over()
            self.assertEqual(again.state, "pending")

    def test_one_that_waited_for_its_rate_is_not_handed_over_by_itself(self):
        receipt = self.pay_for(self.book().charge_ids).clinic_receipt_ids
        receipt.state = "held"
        env = self.in_cron("ir_cron_close_days")
        receipt.with_env(env)._release_held()
        self.assertEqual(receipt.state, "unsure")

    def test_what_a_person_does_meanwhile_is_handed_over(self):
        self.in_cron("ir_cron_close_days")
        receipt = self.pay_for(self.book().charge_ids).clinic_receipt_ids
        self.assertEqual(receipt.state, "pending")
