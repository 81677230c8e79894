from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ClinicCommon, make_role_user, with_stored_code


@tagged("post_install", "-at_install")
class TestMedicalRoles(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.medical = cls.env.ref("clinic_base.group_medical")
        cls.chief_group = cls.env.ref("clinic_base.group_medical_chief")
        cls.clerk = cls.get_user("plain")
        cls.doctor = cls.get_user("medical")
        cls.system = cls.get_user("system")

    def assertGuarded(self, change):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            change()
            self.env.flush_all()

    def test_a_system_administrator_gives_no_medical_role(self):
        link = [Command.link(self.medical.id)]
        as_system = self.clerk.with_user(self.system)
        self.assertGuarded(lambda: as_system.write({"group_ids": link}))
        self.assertGuarded(
            lambda: as_system.create(
                {"name": "New", "login": "new_doctor", "group_ids": link}
            )
        )
        self.assertGuarded(
            lambda: as_system.browse(self.doctor.id).copy({"login": "twin"})
        )

    def test_nor_through_a_group(self):
        medical = self.medical.with_user(self.system)
        registrar = self.env.ref("clinic_base.group_registrar").with_user(self.system)
        self.get_user("registrar")
        self.assertGuarded(
            lambda: medical.write({"user_ids": [Command.link(self.clerk.id)]})
        )
        self.assertGuarded(
            lambda: registrar.write({"implied_ids": [Command.link(self.medical.id)]})
        )
        self.assertGuarded(
            lambda: registrar.create(
                {
                    "name": "Trojan",
                    "implied_ids": [Command.link(self.medical.id)],
                    "user_ids": [Command.link(self.clerk.id)],
                }
            )
        )

    def test_nor_takes_one(self):
        doctor = self.doctor.with_user(self.system)
        self.assertGuarded(
            lambda: doctor.write({"group_ids": [Command.unlink(self.medical.id)]})
        )

    def test_nor_moves_the_external_id(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "clinic_base"), ("name", "=", "group_medical")]
        )
        self.assertGuarded(
            lambda: data.with_user(self.system).write(
                {"res_id": self.env.ref("base.group_system").id}
            )
        )
        self.assertGuarded(lambda: data.with_user(self.system).unlink())

    def test_other_changes_of_users_are_free(self):
        as_system = self.clerk.with_user(self.system)
        as_system.write(
            {"group_ids": [Command.link(self.env.ref("clinic_base.group_cashier").id)]}
        )
        as_system.write({"name": "Renamed"})

    def test_the_chief_appoints(self):
        chief = self.get_user("medical_chief")
        chief.write(
            {"group_ids": [Command.link(self.env.ref("base.group_erp_manager").id)]}
        )
        self.clerk.with_user(chief).write(
            {"group_ids": [Command.link(self.medical.id)]}
        )
        self.assertTrue(self.clerk.has_group("clinic_base.group_medical"))

    def test_the_first_chief_is_made_on_the_server_once(self):
        self.chief_group.user_ids = False
        self.clerk.make_first_medical_chief()
        self.assertTrue(self.clerk.has_group("clinic_base.group_medical_chief"))
        with self.assertRaises(UserError):
            self.doctor.make_first_medical_chief()


@tagged("post_install", "-at_install")
class TestMedicalRolesRequest(HttpCase):
    @with_stored_code()
    @mute_logger("odoo.http")
    def test_not_even_code_under_sudo_gives_the_role_in_a_request(self):
        make_role_user(self.env, "system", password="clinic_system")
        victim = new_test_user(self.env, login="clerk")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Promote",
                "model_id": self.env["ir.model"]._get_id("res.users"),
                "state": "code",
                "code": f"env['res.users'].sudo().browse({victim.id}).write({{"
                "'group_ids': [(4, env.ref('clinic_base.group_medical').id)]})",
            }
        )
        self.env.flush_all()
        self.authenticate("clinic_system", "clinic_system")
        with self.assertRaises(Exception) as caught:
            self.make_jsonrpc_request(
                "/web/action/run", {"action_id": action.id, "context": {}}
            )
        self.assertIn("AccessError", str(caught.exception))
        self.assertFalse(victim.has_group("clinic_base.group_medical"))
