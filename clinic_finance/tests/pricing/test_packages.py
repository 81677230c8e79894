from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import FinanceCommon


@tagged("-at_install", "post_install")
class TestPackages(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Two visits",
                "type": "service",
                "list_price": 5000,
                "taxes_id": False,
                "package_service_id": cls.service.id,
                "package_visits": 2,
                "package_days": 30,
            }
        )

    def sell(self, paid=True, product=None, **vals):
        """A package sold by the desk; ``vals`` are set afterwards."""
        package = (
            self.env["clinic.package"]
            .with_user(self.registrar)
            .create(
                {
                    "patient_id": self.patient.id,
                    "product_id": (product or self.product).id,
                    "branch_id": self.branch.id,
                }
            )
            .sudo()
        )
        package.write(vals)
        if paid:
            self.pay_for(package.charge_id)
        return package

    def test_a_package_is_charged_once_and_says_what_is_left(self):
        package = self.sell(paid=False)
        self.assertEqual((package.amount, package.state), (5000, "unpaid"))
        self.pay_for(package.charge_id)
        package.invalidate_recordset()
        self.assertEqual((package.left, package.state), (2, "ready"))

    def test_visits_draw_from_a_paid_package_until_it_is_used_up(self):
        package = self.sell()
        first, second, third = map(self.book, ("09:00", "10:00", "11:00"))
        self.assertEqual((first | second).charge_ids.mapped("amount"), [0, 0])
        self.assertEqual(
            (first | second).charge_ids.mapped("price_reason"), ["package"] * 2
        )
        self.assertEqual(
            sorted((first | second).charge_ids.mapped("package_number")), [1, 2]
        )
        self.assertEqual(third.charge_ids.amount, 3000)
        package.invalidate_recordset()
        self.assertEqual((package.left, package.state), (0, "used"))
        self.assertFalse(first.prepayment_due)

    def test_the_price_said_before_booking_is_that_of_the_package(self):
        self.sell()
        hold = self.visits.browse(
            self.visits.hold(
                {
                    "service_id": self.service.id,
                    "specialist_id": self.specialist.id,
                    "patient_id": self.patient.id,
                    "start": fields.Datetime.to_string(self.book("09:00").stop),
                }
            )
        )
        quote = hold.with_user(self.registrar).get_quote()
        self.assertEqual(quote["reason"], "From a package")

    def test_a_cancelled_visit_gives_its_place_back(self):
        package = self.sell()
        visit = self.book()
        visit.cancel(self.reason.id)
        package.invalidate_recordset()
        self.assertEqual(package.left, 2)

    def test_an_unpaid_or_expired_package_pays_for_nothing(self):
        self.sell(paid=False)
        self.assertEqual(self.book().charge_ids.amount, 3000)
        today = fields.Date.today()
        self.sell(date=today - timedelta(days=40))
        self.assertEqual(self.book("10:00").charge_ids.amount, 3000)

    def test_nobody_elses_package_pays(self):
        self.sell()
        visit = self.book(patient=self.other_patient)
        self.assertEqual(visit.charge_ids.amount, 3000)

    def test_a_package_paid_later_pays_for_visits_booked_before(self):
        visit = self.book()
        package = self.sell()
        self.assertEqual(visit.charge_ids.package_id, package)
        self.assertEqual((visit.charge_ids.amount, visit.amount_due), (0, 0))

    def test_the_database_gives_a_place_once(self):
        package = self.sell()
        charge = self.book().charge_ids
        self.assertEqual(charge.package_id, package)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.book("10:00").charge_ids.package_number = charge.package_number
            self.env.flush_all()

    def test_the_end_first_package_is_used_first(self):
        late = self.sell()
        early = self.sell(expires_on=late.expires_on - timedelta(days=1))
        self.assertEqual(self.book().charge_ids.package_id, early)

    def test_a_package_in_use_is_not_taken_back(self):
        package = self.sell()
        self.book()
        with self.assertRaises(UserError):
            package.with_user(self.registrar).action_cancel()

    def test_a_package_taken_back_leaves_its_money_on_the_account(self):
        package = self.sell()
        package.with_user(self.registrar).action_cancel()
        self.assertEqual(package.charge_id.state, "cancelled")
        self.assertEqual(self.patient.account_balance, 5000)
        self.assertEqual(self.book().charge_ids.amount, 3000)

    def test_only_a_package_is_sold_as_one(self):
        with self.assertRaises(UserError):
            self.sell(product=self.service)

    def test_the_specialist_gets_a_share_of_the_visits_part_of_the_package(self):
        self.env["clinic.share.rule"].create({"percent": 40})
        self.sell()
        self.assertEqual(self.book().charge_ids.share_amount, 1000)

    def test_the_desk_cannot_make_a_package_larger_longer_or_paid(self):
        paid = self.sell()
        tricked = {
            "charge_id": paid.charge_id.id,
            "visits": 99,
            "expires_on": "2099-01-01",
        }
        package = self.env["clinic.package"].with_user(self.registrar)
        chosen = {
            "patient_id": self.patient.id,
            "product_id": self.product.id,
            "branch_id": self.branch.id,
        }
        for name, value in tricked.items():
            with self.subTest(name=name), self.assertRaises(UserError):
                package.create({**chosen, name: value})
        package = package.create(chosen)
        self.assertEqual((package.visits, package.state), (2, "unpaid"))
        self.assertEqual(package.expires_on, paid.expires_on)
        for name in ("charge_id", "visits"):
            with self.assertRaises(UserError):
                package.write({name: tricked[name]})
        with self.assertRaises(AccessError):
            package.write({"expires_on": tricked["expires_on"]})

    def test_a_chief_registrar_lets_a_package_run_longer(self):
        chief = new_test_user(
            self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        package = self.sell().with_user(chief)
        longer = package.expires_on + timedelta(days=30)
        package.expires_on = longer
        self.assertEqual(package.expires_on, longer)
