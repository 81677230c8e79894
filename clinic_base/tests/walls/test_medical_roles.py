from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ROLES, ClinicCommon, make_role_user, with_stored_code


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

    def test_nor_takes_the_second_factor_off_a_medical_login(self):
        secret = "ABCDEFGHIJKLMNOPQRST"
        self.doctor.sudo().totp_secret = secret
        self.env.flush_all()
        # What Odoo's button does, after it has asked for the password.
        by_button = self.doctor.with_user(self.system).sudo()
        self.assertGuarded(lambda: by_button.write({"totp_secret": False}))
        self.assertTrue(self.doctor.totp_enabled)
        chief = self.get_user("medical_chief")
        dialog = self.env["clinic.medical.role"].with_user(chief)
        dialog.create({"holder_id": self.doctor.id}).action_disable_totp()
        self.env.invalidate_all()
        self.assertFalse(self.doctor.totp_enabled)
        self.doctor.sudo().totp_secret = secret
        self.doctor.with_user(self.doctor).sudo().totp_secret = False
        self.assertFalse(self.doctor.totp_enabled)
        self.clerk.sudo().totp_secret = secret
        self.clerk.with_user(self.system).sudo().totp_secret = False
        self.assertFalse(self.clerk.totp_enabled)

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

    def open_roles(self, user="medical_chief", **vals):
        return (
            self.env["clinic.medical.role"]
            .with_user(self.get_user(user))
            .create({"user_id": self.clerk.id, **vals})
        )

    def test_a_chief_without_access_rights_gives_and_takes_roles(self):
        chief = self.get_user("medical_chief")
        self.assertFalse(chief.has_group("base.group_erp_manager"))
        before = self.clerk.group_ids
        dialog = self.open_roles()
        dialog.action_give()
        self.assertEqual(self.clerk.group_ids, before | self.medical)
        self.assertIn(self.clerk, dialog.holder_ids)
        dialog.holder_id = self.clerk
        dialog.action_take()
        self.assertEqual(self.clerk.group_ids, before)
        self.assertNotIn(self.clerk, dialog.holder_ids)

    def test_nobody_else_does_and_no_visitor_gets_a_role(self):
        for role in ("system", *ROLES):
            if role != "medical_chief":
                with self.subTest(role=role), self.assertRaises(AccessError):
                    self.open_roles(role).action_give()
        dialog = self.open_roles(user_id=self.get_user("portal").id)
        with self.assertRaises(UserError):
            dialog.action_give()

    def test_the_last_chief_stays_and_a_role_goes_with_the_one_that_brings_it(self):
        chief = self.get_user("medical_chief")
        self.chief_group.user_ids = chief
        for role in ("group_medical_chief", "group_medical"):
            dialog = self.open_roles(holder_id=chief.id)
            dialog.role = role
            with self.subTest(role=role), self.assertRaises(UserError):
                dialog.action_take()

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
