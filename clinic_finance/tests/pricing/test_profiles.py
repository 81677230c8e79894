from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import FinanceCommon

WEEK = timedelta(days=7)


@tagged("-at_install", "post_install")
class TestProfiles(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift(day=MONDAY + WEEK, room_id=cls.room.id)
        cls.profiles = cls.env["clinic.visit.profile"]

    def get_profile(self):
        return self.profiles.search([("patient_id", "=", self.patient.id)])

    def book_later(self):
        later = self.at(MONDAY + WEEK, "09:00").strftime("%Y-%m-%d %H:%M:%S")
        return self.book(start=later)

    def test_the_first_booking_opens_a_profile_that_follows_the_list(self):
        self.book("09:00")
        self.book("10:00")
        profile = self.get_profile()
        self.assertEqual((len(profile), profile.price_mode), (1, "list"))
        self.service.list_price = 3300
        self.assertEqual(self.book("11:00").charge_ids.price, 3300)

    def test_new_terms_hold_from_their_day_and_the_past_stays(self):
        now, later = self.book(), self.book_later()
        terms = {"price_mode": "fixed", "price": 2500}
        old = self.get_profile()
        new = old._revise(MONDAY + WEEK, terms)
        self.assertEqual(old.date_to, MONDAY + WEEK - timedelta(days=1))
        self.assertEqual(new.date_from, MONDAY + WEEK)
        self.assertEqual(now.charge_ids.price, 3000)
        self.assertEqual((later.charge_ids.price, new.price), (2500, 2500))
        self.assertEqual(later.charge_ids.price_reason, "fixed")

    def test_what_has_been_invoiced_keeps_its_price(self):
        later = self.book_later()
        self.invoice(later)
        self.get_profile()._revise(MONDAY, {"price_mode": "fixed", "price": 2500})
        self.assertEqual(later.charge_ids.price, 3000)

    def test_booked_visits_keep_their_price_if_so_wished(self):
        later = self.book_later()
        terms = {"price_mode": "fixed", "price": 2500}
        self.get_profile()._revise(MONDAY, terms, reprice=False)
        self.assertEqual(later.charge_ids.price, 3000)

    def test_an_ended_profile_is_not_revived(self):
        self.book()
        self.get_profile().date_to = MONDAY
        with self.assertRaises(UserError):
            self.get_profile()._revise(MONDAY + WEEK, {"price_mode": "list"})

    def test_who_pays_less_than_the_list_and_why(self):
        self.book()
        profile = self.get_profile()
        profile.write({"price_mode": "discount", "discount": 20})
        self.assertEqual(
            (profile.list_price, profile.pays, profile.saves, profile.price_reason),
            (3000, 2400, 20, "profile_discount"),
        )

    def test_many_profiles_change_in_one_step_by_the_finance_manager_alone(self):
        self.book()
        self.book("10:00", patient=self.other_patient)
        profiles = self.profiles.search([("specialist_id", "=", self.specialist.id)])
        vals = {
            "profile_ids": profiles.ids,
            "date": MONDAY,
            "price_mode": "discount",
            "discount": 10,
        }
        with self.assertRaises(AccessError):
            self.env["clinic.profile.revise"].with_user(self.accountant).create(vals)
        manager = new_test_user(
            self.env, "money", groups="clinic_base.group_finance_manager"
        )
        wizard = self.env["clinic.profile.revise"].with_user(manager).create(vals)
        wizard.action_revise()
        today = self.profiles.search(
            [("date_from", "=", MONDAY), ("specialist_id", "=", self.specialist.id)]
        )
        self.assertEqual(today.mapped("pays"), [2700, 2700])

    def test_the_most_exact_rule_says_the_share(self):
        rules = self.env["clinic.share.rule"]
        rules.create({"percent": 20, "date_from": MONDAY})
        self.assertEqual(self.book("09:00").charge_ids.share_amount, 600)
        rules.create(
            {
                "specialist_id": self.specialist.id,
                "mode": "amount",
                "amount": 1000,
                "date_from": MONDAY,
            }
        )
        self.assertEqual(self.book("10:00").charge_ids.share_amount, 1000)
        self.get_profile().specialist_share = 50
        self.assertEqual(self.book("11:00").charge_ids.share_amount, 1500)

    def test_a_rule_of_another_time_says_nothing(self):
        self.env["clinic.share.rule"].create(
            {"percent": 20, "date_from": MONDAY + WEEK}
        )
        self.assertEqual(self.book().charge_ids.share_amount, 0)

    def test_the_desk_does_not_see_shares(self):
        charge = self.book().charge_ids.with_user(self.registrar)
        with self.assertRaises(AccessError):
            charge.read(["share_amount"])

    def test_the_desk_sets_length_and_room_but_no_price(self):
        self.book()
        profile = self.get_profile().with_user(self.registrar)
        profile.write({"duration": 45, "room_id": self.room.id})
        for vals in (
            {"price_mode": "fixed", "price": 1},
            {"discount": 100},
            {"specialist_share": 90},
        ):
            with self.assertRaises(AccessError):
                profile.write(vals)
        with self.assertRaises(AccessError):
            profile.create(
                {
                    "patient_id": self.other_patient.id,
                    "specialist_id": self.specialist.id,
                    "service_id": self.service.id,
                    "price_mode": "fixed",
                }
            )
        with self.assertRaises(AccessError):
            profile.read(["specialist_share"])

    def test_an_agreed_price_is_not_handed_to_somebody_else(self):
        self.book()
        profile = self.get_profile()
        profile.with_user(self.registrar).date_to = MONDAY + WEEK
        profile.write({"price_mode": "discount", "discount": 50})
        for vals in ({"patient_id": self.other_patient.id}, {"date_to": False}):
            with self.assertRaises(AccessError):
                profile.with_user(self.registrar).write(vals)

    def test_a_price_that_is_shared_stays_shared_when_it_changes(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Policy", "partner_id": insurer.id, "copay_percent": 20}
        )
        charges = self.book(payment_source_id=source.id).charge_ids
        self.assertEqual(sorted(charges.mapped("price")), [600, 2400])
        profile = self.env["clinic.visit.profile"].search(
            [("patient_id", "=", self.patient.id)]
        )
        profile._revise(
            charges[0].date, {"price_mode": "fixed", "price": 2000}, reprice=True
        )
        self.assertEqual(sorted(charges.mapped("price")), [400, 1600])

    def test_who_pays_less_is_measured_by_the_list_of_the_branch(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "North",
                "currency_id": self.branch.company_id.currency_id.id,
                "item_ids": [
                    (
                        0,
                        0,
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.service.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": 2500,
                        },
                    )
                ],
            }
        )
        self.branch.pricelist_id = pricelist
        self.book()
        profile = self.get_profile()
        self.assertEqual((profile.list_price, profile.pays), (2500, 2500))
        self.assertEqual(profile.price_reason, "list")
        profile.write({"price_mode": "discount", "discount": 10})
        self.assertEqual((profile.list_price, profile.pays), (2500, 2250))
        self.assertEqual(profile.saves, 10)
