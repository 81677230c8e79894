"""Signing in tells nothing of who is known, and an idle screen locks itself."""

import time
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessDenied
from odoo.http import root
from odoo.tests import HttpCase, tagged

from ..common import make_role_user


@tagged("post_install", "-at_install")
class TestLogin(HttpCase):
    def lock_after(self, role):
        user = make_role_user(self.env, role, password=f"clinic_{role}")
        return user._get_lock_timeout_inactivity()

    def test_screens_of_staff_lock_after_a_quarter_of_an_hour_the_till_sooner(self):
        for role in ("plain", "registrar", "medical", "owner", "system"):
            self.assertEqual(self.lock_after(role), 15 * 60, role)
        self.assertEqual(self.lock_after("cashier"), 5 * 60)
        self.assertFalse(self.lock_after("portal"))

    def test_a_locked_session_answers_nothing_until_the_password_is_given(self):
        user = make_role_user(self.env, "registrar", password="clinic_registrar")
        session = self.authenticate("clinic_registrar", "clinic_registrar")
        call = {
            "model": "clinic.branch",
            "method": "search_read",
            "args": [[]],
            "kwargs": {},
        }
        path = "/web/dataset/call_kw"
        self.assertIsNotNone(self.make_jsonrpc_request(path, call))
        session["identity-check-next"] = time.time() - 1
        root.session_store.save(session)
        page = self.url_open("/my", allow_redirects=False)
        self.assertIn("/auth-timeout/check-identity", page.headers["Location"])
        with self.assertRaisesRegex(Exception, "CheckIdentity"):
            self.make_jsonrpc_request(path, call)
        check = "/auth-timeout/session/check-identity"
        given = {"type": "password", "login": user.login, "password": "wrong"}
        with self.assertRaisesRegex(Exception, "AccessDenied"):
            self.make_jsonrpc_request(check, given)
        self.make_jsonrpc_request(check, {**given, "password": "clinic_registrar"})
        self.assertIsNotNone(self.make_jsonrpc_request(path, call))

    def test_no_module_is_sent_past_the_dialog_that_refuses_its_code(self):
        make_role_user(self.env, "system", password="clinic_system")
        sent = {"login": "clinic_system", "password": "clinic_system", "force": "1"}
        answer = self.url_open("/base_import_module/login_upload", data=sent)
        self.assertEqual(answer.status_code, 404)
        self.assertNotIn("Traceback", answer.text)

    def test_an_unknown_login_costs_one_hash_as_a_known_one_does(self):
        make_role_user(self.env, "registrar", password="clinic_registrar")
        make_role_user(self.env, "portal", password="clinic_portal")
        self.env.cr.execute(
            "UPDATE res_users SET password = NULL WHERE login = 'clinic_portal'"
        )
        users = self.env["res.users"]
        context = users._crypt_context()
        asked = SimpleNamespace(httprequest=SimpleNamespace(remote_addr="192.0.2.7"))
        for login in ("clinic_registrar", "clinic_portal", "clinic_nobody"):
            with (
                patch.object(type(users), "_crypt_context", return_value=context),
                patch.object(context, "hash", return_value="") as hashed,
                patch.object(
                    context, "verify_and_update", return_value=(False, None)
                ) as verified,
                patch("odoo.addons.clinic_base.tools.caller.request", asked),
                patch("odoo.addons.base.models.res_users.request", None),
            ):
                with self.assertRaises(AccessDenied):
                    users._login(
                        {"login": login, "password": "x", "type": "password"}, {}
                    )
            compared = verified.call_count if login == "clinic_registrar" else 0
            self.assertEqual(hashed.call_count + compared, 1, login)
