from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_base.tests.patients.test_personal_data import TracesMixin
from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import FinanceCommon

LATER = {"record": 365 * 26, "documents": 365 * 7}


@tagged("post_install", "-at_install")
class TestPersonalDataAfterVisits(TracesMixin, FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "management", groups="clinic_base.group_clinic_manager"
        )
        cls.patient.write(
            {
                "name": "Забывайко Пелагея",
                "email": "pelageya@example.org",
                "phone_ids": [(0, 0, {"number_e164": "+79167001122", "primary": True})],
            }
        )

    def erase(self):
        self.patient.with_user(self.manager)._erase("request")

    def get_retained(self):
        change = self.env["clinic.personal.change"].with_user(self.manager)
        return change.create({"patient_id": self.patient.id, "kind": "erase"}).retained

    def move_on(self, **delta):
        """The clocks stand still at a later moment until the test ends."""
        self.enterContext(self.later(**delta))

    def test_coming_visits_keep_the_data_until_they_are_cancelled(self):
        visit = self.book()
        self.assertIn("09:00", self.get_retained())
        with self.assertRaises(UserError):
            self.erase()
        visit.cancel(self.env.ref("clinic_base.cancel_reason_patient").id)
        self.assertFalse(self.get_retained())

    def test_blocking_ends_what_is_awaited(self):
        visit = self.book()
        self.patient.with_user(self.manager)._block("request")
        self.assertEqual(visit.state, "cancelled")
        with self.assertRaises(UserError):
            self.book("11:00")

    def test_open_visits_and_open_money_keep_the_data(self):
        visit = self.book()
        self.enterContext(self.at_moment(self.at(MONDAY, "09:05")))
        visit.action_arrive()
        self.assertIn("open", self.get_retained())
        visit.action_start()
        visit.action_done()
        retained = self.get_retained()
        self.assertIn("Charges that are not paid: 1.", retained)
        self.assertIn("balance", retained)

    def test_the_law_keeps_the_record_longer_than_the_documents(self):
        visit = self.book()
        self.enterContext(self.at_moment(self.at(MONDAY, "09:05")))
        self.pay_for(visit.charge_ids)
        self.render(visit)
        year = MONDAY.year
        retained = self.get_retained()
        self.assertIn(f"{year + 25}", retained)
        self.assertIn(f"12/31/{year + 5}", retained)
        self.move_on(days=LATER["documents"])
        retained = self.get_retained()
        self.assertNotIn("documents", retained)
        self.assertIn("medical record", retained)
        self.env.company.clinic_record_years = 3
        self.env["res.company"].search([]).clinic_record_years = 3
        self.assertFalse(self.get_retained())

    def test_nothing_of_an_erased_person_stays_with_visits_messages_and_money(self):
        visit = self.book()
        self.enterContext(self.at_moment(self.at(MONDAY, "09:05")))
        payment = self.pay_for(visit.charge_ids)
        payment.memo = "Забывайко П."
        self.render(visit)
        invoice = visit.charge_ids.move_line_ids.move_id
        said = "Пелагея спрашивала"
        invoice.message_post(body=said)
        self.env["clinic.message"]._enqueue(
            "other",
            [
                {
                    "key": "test:forgotten",
                    "patient_id": self.patient.id,
                    "channel": "sms",
                    "recipient": "+79167001122",
                    "body": "Пелагея, ждём вас",
                }
            ],
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.env["payment.provider"].search([], limit=1).id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "amount": 1,
                "currency_id": self.env.company.currency_id.id,
                "reference": "forgotten",
                "partner_id": self.patient.partner_id.id,
            }
        )
        self.assertEqual(transaction.partner_name, "Забывайко Пелагея")
        balance = self.patient.account_balance
        entry = invoice.line_ids.mapped("balance")
        self.move_on(days=LATER["record"])
        self.erase()
        self.assertEqual(self.find_traces("Забывайк", "Пелаге", "9167001122"), [])
        self.assertEqual(self.find_traces("700-11-22", "pelageya@"), [])
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.line_ids.mapped("balance"), entry)
        self.assertEqual(self.patient.sudo().account_balance, balance)
        self.assertEqual(visit.patient_id, self.patient)
        self.assertIn("Visit", self.patient.sudo().act_ids.kept)
