"""Pages for staff name where a browser may send to."""

from unittest.mock import patch

from odoo.tests import BaseCase, HttpCase, tagged

from ...tools.browser_policy import HEADER, make_policy
from ..common import make_role_user


@tagged("post_install", "-at_install")
class TestPolicy(BaseCase):
    def test_an_addon_adds_a_host_of_its_own(self):
        policy = make_policy("clinic.example", {"frame-src": ["https://maps.example"]})
        self.assertIn("frame-src 'self' data: blob: https://maps.example;", policy)
        self.assertIn("connect-src 'self' data: blob: ws://clinic.example wss:", policy)

    def test_a_host_that_is_none_gets_into_no_header(self):
        self.assertNotIn("evil", make_policy("evil; script-src *"))


@tagged("post_install", "-at_install")
class TestPages(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_role_user(cls.env, "medical", password="clinic_medical")
        make_role_user(cls.env, "portal", password="clinic_portal")

    def get_policy(self, path):
        return self.url_open(path).headers.get(HEADER, "")

    def test_every_page_of_the_web_client_has_it(self):
        self.authenticate("clinic_medical", "clinic_medical")
        report = "/report/html/base.report_irmodulereference/1"
        for path in (
            "/odoo",
            "/odoo/discuss",
            "/web",
            report,
            "/web/become",
            "/odoo/x",
        ):
            policy = self.get_policy(path)
            for part in (
                "default-src 'self' data: blob:;",
                "img-src 'self' data: blob:;",
                "form-action 'self';",
                "base-uri 'self';",
                "frame-ancestors 'self';",
                "object-src 'none'",
            ):
                self.assertIn(part, policy, path)
            self.assertNotIn("*", policy)

    def test_staff_sign_in_on_a_page_that_has_it(self):
        self.assertIn("form-action 'self'", self.get_policy("/web/login"))

    def test_a_page_of_the_site_keeps_pictures_of_other_hosts(self):
        self.authenticate("clinic_portal", "clinic_portal")
        if "website" in self.env:
            self.assertNotIn("default-src", self.get_policy("/"))
        self.assertNotIn("default-src", self.get_policy("/my"))

    def test_a_file_keeps_its_own_stricter_policy(self):
        self.authenticate("admin", "admin")
        file = self.env["ir.attachment"].create(
            {"name": "x.html", "raw": b"<p>x</p>", "mimetype": "text/html"}
        )
        policy = self.get_policy(f"/web/content/{file.id}")
        self.assertNotIn("unsafe-inline", policy)

    def test_hosts_that_an_addon_names_are_in_it(self):
        more = {"img-src": ["https://pictures.example"]}
        http = type(self.env["ir.http"])
        self.authenticate("clinic_medical", "clinic_medical")
        with patch.object(http, "_clinic_get_sources", classmethod(lambda _: more)):
            policy = self.get_policy("/odoo")
        self.assertIn("img-src 'self' data: blob: https://pictures.example;", policy)
