from odoo.tests import tagged

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestPayerFollow(FinanceCommon):
    """Who pays for a booked visit is charged for it, whenever that was said."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls.env["res.partner"].create({"name": "Insurer"})
        cls.source = cls.env["clinic.payment.source"].create(
            {"name": "Policy", "partner_id": cls.insurer.id, "copay_percent": 20}
        )
        cls.own = cls.patient.partner_id

    def change(self, visit, **vals):
        visit.with_user(self.registrar).write(vals)
        self.env.invalidate_all()

    def get_parts(self, visit):
        live = visit.charge_ids.filtered(lambda charge: charge.state != "cancelled")
        return {charge.payer_id: charge.price for charge in live}

    def test_an_insurer_that_pays_after_all_shares_the_price(self):
        visit = self.book()
        self.change(visit, payment_source_id=self.source.id)
        self.assertEqual(self.get_parts(visit), {self.insurer: 2400, self.own: 600})
        self.assertEqual(visit.amount_due, 600)

    def test_a_policy_that_does_not_hold_leaves_it_all_to_the_patient(self):
        visit = self.book(payment_source_id=self.source.id)
        self.change(visit, payment_source_id=False)
        self.assertEqual(self.get_parts(visit), {self.own: 3000})
        self.assertTrue(visit.prepayment_due, "as of any visit that is prepaid")

    def test_a_price_put_right_by_hand_is_what_is_shared(self):
        visit = self.book()
        charge = visit.charge_ids
        charge.with_user(self.accountant).action_correct({"price": 1000}, "Agreed")
        self.change(visit, payment_source_id=self.source.id)
        self.assertEqual(self.get_parts(visit), {self.insurer: 800, self.own: 200})

    def test_a_relative_named_on_the_visit_is_charged(self):
        self.let_pay(self.other_patient, self.patient)
        self.patient.payer_id = False
        visit = self.book()
        self.assertEqual(self.get_parts(visit), {self.own: 3000})
        mother = self.other_patient.partner_id
        self.change(visit, payer_id=mother.id)
        self.assertEqual(self.get_parts(visit), {mother: 3000})

    def test_nobody_is_asked_for_what_somebody_else_pays(self):
        visit = self.book()
        request = self.ask(visit.charge_ids)
        request._send_links()
        self.source.copay_percent = 0
        self.change(visit, payment_source_id=self.source.id)
        self.assertEqual((request.state, request.amount_due), ("withdrawn", 0))
        self.assertTrue(request.link_ids.revoked_on)

    def test_money_that_had_waited_for_it_is_free(self):
        visit, other = self.book("09:00"), self.book("10:00")
        self.pay_for(visit.charge_ids)
        self.source.copay_percent = 0
        self.change(visit, payment_source_id=self.source.id)
        self.assertEqual(other.amount_due, 0)

    def test_what_has_been_rendered_stays_with_its_payer(self):
        visit = self.render(self.book())
        self.change(visit, payment_source_id=self.source.id)
        self.assertEqual(self.get_parts(visit), {self.own: 3000})

    def test_a_package_pays_for_no_visit_of_an_insurer(self):
        product = self.env["product.product"].create(
            {
                "name": "Two visits",
                "type": "service",
                "list_price": 5000,
                "taxes_id": False,
                "package_service_id": self.service.id,
                "package_visits": 2,
            }
        )
        package = self.env["clinic.package"].create(
            {
                "patient_id": self.patient.id,
                "product_id": product.id,
                "branch_id": self.branch.id,
            }
        )
        self.pay_for(package.charge_id)
        visit = self.book()
        self.assertEqual((package.left, self.get_parts(visit)), (1, {self.own: 0}))
        self.change(visit, payment_source_id=self.source.id)
        self.assertEqual(package.left, 2)
        self.assertEqual(self.get_parts(visit), {self.insurer: 2400, self.own: 600})
        self.change(visit, payment_source_id=False)
        self.assertEqual((package.left, self.get_parts(visit)), (1, {self.own: 0}))

    def test_what_free_money_covers_may_still_be_corrected(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        charge = visit.charge_ids
        self.assertEqual(charge.state, "paid")
        charge.with_user(self.accountant).action_correct({"price": 3500}, "Agreed")
        self.env.invalidate_all()
        self.assertEqual((visit.amount_due, charge.state), (500, "open"))

    def test_a_new_price_holds_for_visits_that_free_money_covers(self):
        visit = self.book()
        self.pay_for(visit.charge_ids)
        profile = self.env["clinic.visit.profile"].search(
            [("patient_id", "=", self.patient.id)]
        )
        profile._revise(visit.charge_ids.date, {"price_mode": "fixed", "price": 2000})
        self.env.invalidate_all()
        self.assertEqual((visit.charge_ids.price, visit.amount_due), (2000, 0))
