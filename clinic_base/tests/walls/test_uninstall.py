"""A module that holds records of the clinic is not uninstalled."""

from odoo.exceptions import AccessDenied, UserError
from odoo.tests import tagged

from ..common import ClinicCommon


@tagged("post_install", "-at_install")
class TestUninstall(ClinicCommon):
    def get_module(self, user=None):
        modules = self.env["ir.module.module"]
        if user:
            modules = modules.with_user(user)
        return modules.search([("name", "=", "clinic_base")])

    def test_what_would_take_records_with_it_is_refused_in_one_sentence(self):
        self.make_patient()
        administrator = self.get_user("system")
        for module in (self.get_module(), self.get_module(administrator)):
            with self.assertRaises(UserError) as refused:
                module.button_uninstall()
            self.assertIn("Patient", str(refused.exception))
            self.assertNotIn("\n", str(refused.exception))
            self.assertEqual(module.state, "installed")

    def test_archived_records_count_too(self):
        module = self.get_module()
        self.env["clinic.device"].search([]).archive_with_reason("Test")
        branch = self.env["clinic.branch"].create({"name": "North"})
        branch.archive_with_reason("Closed")
        held = module._find_held_models().mapped("model")
        self.assertIn("clinic.branch", held)

    def test_what_a_module_has_brought_itself_holds_nothing_up(self):
        brought = self.env["ir.model.data"].search(
            [("module", "=", "clinic_base"), ("model", "=", "clinic.payment.source")]
        )
        sources = self.env["clinic.payment.source"].with_context(active_test=False)
        self.assertEqual(set(sources.search([]).ids), set(brought.mapped("res_id")))
        held = self.get_module()._find_held_models().mapped("model")
        self.assertNotIn("clinic.payment.source", held)
        sources.create({"name": "Grandmother"})
        held = self.get_module()._find_held_models().mapped("model")
        self.assertIn("clinic.payment.source", held)

    def test_who_may_not_uninstall_learns_nothing_of_it(self):
        self.make_patient()
        module = self.get_module().with_user(self.get_user("clinic_manager"))
        with self.assertRaises(AccessDenied):
            module.button_uninstall()
