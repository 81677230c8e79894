"""A restored database keeps quiet until an administrator lets it go."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..common import make_role_user


@tagged("post_install", "-at_install")
class TestQuiet(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = make_role_user(cls.env, "system", password="clinic_system")
        cls.portal = make_role_user(cls.env, "portal", password="clinic_portal")
        cls.quiet = cls.env["clinic.quiet"]

    def get_active_crons(self):
        return self.env["ir.cron"].search([("active", "=", True)])

    def create_mail(self, created):
        mail = self.env["mail.mail"].create({"subject": "x", "email_to": "a@b.ru"})
        self.env.cr.execute(
            "UPDATE mail_mail SET create_date = %s WHERE id = %s", [created, mail.id]
        )
        mail.invalidate_recordset()
        return mail

    def test_scheduled_actions_stand_still_and_go_on_as_they_were(self):
        before = self.get_active_crons()
        self.assertTrue(before)
        self.quiet.begin()
        self.assertFalse(self.get_active_crons())
        self.quiet.begin()
        self.quiet.with_user(self.admin).release()
        self.assertEqual(self.get_active_crons(), before)

    def test_only_an_administrator_lets_it_go(self):
        self.quiet.begin()
        for role in ("owner", "clinic_admin", "registrar_chief", "portal"):
            user = self.portal if role == "portal" else make_role_user(self.env, role)
            with self.assertRaises(AccessError):
                self.quiet.with_user(user).release()
        self.assertTrue(self.quiet.get_since())
        self.quiet.with_user(self.admin).release()
        self.assertFalse(self.quiet.get_since())
        self.assertFalse(self.quiet.with_user(self.admin).release())

    def test_mails_wait_and_old_ones_are_kept_back(self):
        self.quiet.begin()
        since = self.quiet.get_since()
        old = self.create_mail(since - timedelta(hours=1))
        new = self.create_mail(since + timedelta(hours=1))
        (old | new).send()
        self.assertEqual((old | new).mapped("state"), ["outgoing", "outgoing"])
        end = self.env["clinic.quiet.end"].with_user(self.admin).create({})
        self.assertIn("1", end.waiting)
        end.action_release()
        self.assertEqual((old.state, new.state), ("cancel", "outgoing"))

    def test_nobody_but_staff_is_answered(self):
        self.assertNotEqual(self.url_open("/web/login").status_code, 503)
        self.quiet.begin()
        for login, path in ((None, "/mail/message/1"), ("clinic_portal", "/my")):
            self.authenticate(login, login)
            answer = self.url_open(path)
            self.assertEqual(answer.status_code, 503, path)
            self.assertTrue(answer.headers["Retry-After"])
        self.authenticate(None, None)
        self.assertEqual(self.url_open("/web/login").status_code, 200)
        self.authenticate("clinic_system", "clinic_system")
        page = self.url_open("/odoo")
        self.assertEqual(page.status_code, 200)
        self.assertIn("restored-database", page.text)
        self.quiet.with_user(self.admin).release()
        self.assertNotIn("restored-database", self.url_open("/odoo").text)
        self.authenticate(None, None)
        self.assertNotEqual(self.url_open("/mail/message/1").status_code, 503)

    def test_a_key_is_a_program_whoevers_it_is(self):
        registrar = make_role_user(self.env, "registrar")
        keys = self.env["res.users.apikeys"].with_user(registrar).sudo()
        key = keys._generate("rpc", "test", None)

        def ask():
            return self.url_open(
                "/json/2/clinic.patient/search_count",
                json={"domain": []},
                headers={"Authorization": f"bearer {key}"},
                method="POST",
            ).status_code

        self.assertEqual(ask(), 200)
        self.quiet.begin()
        self.assertEqual(ask(), 503)
