from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import MONDAY, FinanceCommon


@tagged("-at_install", "post_install")
class TestOpenProfiles(FinanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles = cls.env["clinic.visit.profile"]
        cls.manager = new_test_user(
            cls.env, "money", groups="clinic_base.group_finance_manager"
        )
        cls.category = cls.env["clinic.patient.category"].create({"name": "Staff"})

    def start(self, patients=None, user=None, **vals):
        """The dialog over patients chosen in the list."""
        wizards = self.env["clinic.profile.open"].with_user(user or self.manager)
        chosen = self.patient | self.other_patient if patients is None else patients
        return wizards.create(
            {
                "patient_ids": [Command.set(chosen.ids)],
                "specialist_ids": [Command.set(self.specialist.ids)],
                **vals,
            }
        )

    def get_profiles(self):
        return self.profiles.search([("specialist_id", "=", self.specialist.id)])

    def test_the_finance_manager_opens_profiles_on_terms_for_many(self):
        wizard = self.start(
            price_mode="discount",
            discount=15,
            price=7,
            contract_number="17/26",
            date_from=MONDAY,
        )
        self.assertEqual(wizard.patient_count, 2)
        wizard.action_open()
        profiles = self.get_profiles()
        self.assertEqual(profiles.patient_id, self.patient | self.other_patient)
        self.assertEqual(profiles.service_id, self.service)
        self.assertEqual(set(profiles.mapped("contract_number")), {"17/26"})
        self.assertEqual(profiles.mapped("price"), [0, 0], "not of a discount")
        self.assertEqual(profiles.mapped("pays"), [2550, 2550])
        self.assertEqual(profiles.create_uid, self.manager)
        self.assertEqual(self.book().charge_ids.price, 2550)

    def test_who_has_a_profile_keeps_it_and_is_counted(self):
        self.book()
        kept = self.get_profiles()
        answer = self.start(price_mode="fixed", price=100).action_open()
        self.assertEqual(kept.price_mode, "list")
        self.assertEqual((self.get_profiles() - kept).patient_id, self.other_patient)
        message = answer["params"]["message"]
        self.assertRegex(message, r"1\..*1\.")
        again = self.start(price_mode="fixed", price=100).action_open()
        self.assertEqual(again["params"]["type"], "warning")
        self.assertEqual(len(self.get_profiles()), 2)

    def test_another_time_is_another_profile(self):
        self.start(date_from="2026-01-01", date_to="2026-01-31").action_open()
        self.start(date_from="2026-02-01").action_open()
        self.assertEqual(len(self.get_profiles()), 4)

    def test_a_whole_category_without_the_archive(self):
        third = self.create_patient("Third", category_id=self.category.id)
        gone = self.create_patient("Gone", category_id=self.category.id)
        gone.archive_with_reason("Double")
        nobody = self.env["clinic.patient"]
        self.start(nobody, category_id=self.category.id).action_open()
        self.assertEqual(self.get_profiles().patient_id, third)

    def test_only_services_that_the_specialist_offers(self):
        massage = self.create_service("Massage", 30)
        wizard = self.start(service_ids=[Command.set(massage.ids)])
        with self.assertRaises(UserError):
            wizard.action_open()

    def test_an_accountant_and_a_chief_registrar_open_nothing_in_bulk(self):
        chief = new_test_user(
            self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        for user in (self.accountant, chief):
            with self.assertRaises(AccessError):
                self.start(user=user)

    def test_thousands_take_as_many_queries_as_two(self):
        many = self.env["clinic.patient"].create(
            [{"name": f"Patient {number}"} for number in range(300)]
        )
        counts = []
        for patients in (self.patient | self.other_patient, many):
            wizard = self.start(patients)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_open()
            counts.append(self.env.cr.sql_log_count - before)
        # The first fills the caches.
        self.assertGreaterEqual(*counts)
        self.assertEqual(len(self.get_profiles()), 302)
