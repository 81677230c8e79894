from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestChargeCorrection(FinanceCommon):
    """Price and payer are put right by an action with a reason, never by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.book()
        cls.charge = cls.visit.charge_ids
        cls.stranger = cls.env["res.partner"].create({"name": "Stranger"})

    def by(self, user):
        return self.charge.with_user(user)

    def test_an_accountant_corrects_the_price_and_the_log_tells_it(self):
        self.by(self.accountant).action_correct({"price": 2500}, " Agreed ")
        self.assertEqual((self.charge.price, self.charge.amount), (2500, 2500))
        self.assertEqual(self.charge.price_reason, "manual")
        log = self.charge.log_ids
        self.assertEqual((log.changed, log.reason), ("price", "Agreed"))
        self.assertEqual(log.user_id, self.accountant)
        self.assertIn("2,500", log.new)

    def test_the_button_asks_for_the_reason_and_corrects(self):
        wizard = Form(
            self.env["clinic.charge.correct"]
            .with_user(self.accountant)
            .with_context(default_charge_id=self.charge.id)
        )
        self.assertEqual(wizard.price, 3000)
        wizard.qty = 2
        wizard.reason = "Two hours"
        wizard.save().action_correct()
        self.assertEqual(self.charge.amount, 6000)
        self.assertEqual(self.charge.log_ids.changed, "qty")

    def test_the_desk_and_the_cashier_correct_nothing(self):
        cashier = new_test_user(self.env, "till", groups="clinic_base.group_cashier")
        for user in (self.registrar, cashier):
            with self.assertRaises(AccessError):
                self.by(user).action_correct({"price": 1}, "Friend")

    def test_what_cannot_be_is_refused_in_words(self):
        for vals in (
            {"price": -1},
            {"price": "1"},
            {"price": True},
            {"price": float("nan")},
            {"price": 1e300},
            {"qty": None},
            {"payer_id": "x"},
            {"payer_id": 0},
            {"state": "paid"},
            [],
            None,
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.by(self.accountant).action_correct(vals, "Reason")
        for reason in ("", "  ", None, [], 1):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self.by(self.accountant).action_correct({"price": 1}, reason)

    def test_an_invoiced_charge_is_corrected_by_its_invoice(self):
        self.invoice(self.visit)
        with self.assertRaisesRegex(UserError, "invoice"):
            self.by(self.accountant).action_correct({"price": 1}, "Reason")

    def test_a_stranger_pays_for_nobody_on_any_path(self):
        with self.assertRaises(ValidationError):
            self.by(self.accountant).action_correct(
                {"payer_id": self.stranger.id}, "Reason"
            )
        with self.assertRaises(ValidationError):
            self.visit.with_user(self.registrar).payer_id = self.stranger
        with self.assertRaises(ValidationError):
            self.book("10:00", payer_id=self.stranger.id)

    def test_a_relative_pays_while_the_relation_says_so(self):
        relation = self.env["clinic.patient.relation"].create(
            {
                "patient_id": self.patient.id,
                "related_id": self.other_patient.id,
                "kind": "mother",
                "pays": True,
                "date_from": MONDAY - timedelta(days=1),
                "date_to": MONDAY,
            }
        )
        payer = self.other_patient.partner_id
        self.by(self.accountant).action_correct({"payer_id": payer.id}, "Mother")
        self.assertEqual(self.charge.payer_id, payer)
        relation.date_to = MONDAY - timedelta(days=1)
        with self.assertRaises(ValidationError):
            self.book("10:00", payer_id=payer.id)

    def test_the_payer_of_the_source_pays_and_another_payer_leaves_the_source(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Insurer", "partner_id": insurer.id}
        )
        visit = self.book("10:00", payment_source_id=source.id, payer_id=insurer.id)
        self.assertFalse(visit.charge_ids.is_private)
        visit.charge_ids.with_user(self.accountant).action_correct(
            {"payer_id": self.patient.partner_id.id}, "Not covered"
        )
        self.assertTrue(visit.charge_ids.is_private)

    def test_a_correction_is_not_rewritten(self):
        self.by(self.accountant).action_correct({"price": 2500}, "Agreed")
        for vals in ({"reason": "Other"}, {"active": False}):
            with self.assertRaises(UserError):
                self.charge.log_ids.with_user(self.accountant).write(vals)
