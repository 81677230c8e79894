from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tests.common import make_role_user, with_stored_code

SCRIPT = "<script src='https://example.com/x.js'></script>"
EVIL = "https://example.com"


@tagged("post_install", "-at_install")
class TestWebsiteScripts(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].get_current_website()
        cls.system = make_role_user(cls.env, "system")

    def assertRefused(self, **values):
        logger = "odoo.addons.clinic_base.tools.stored_code.gate"
        with mute_logger(logger), self.assertRaises(UserError) as caught:
            self.website.with_user(self.system).write(values)
            self.env.flush_all()
        self.assertIn("would run as code", str(caught.exception))

    def test_settings_bring_no_script_to_the_site(self):
        self.assertRefused(custom_code_head=SCRIPT)
        self.assertRefused(custom_code_footer=SCRIPT)
        self.assertRefused(google_analytics_key="GTM-ABCDEF")
        self.website.with_user(self.system).write({"google_analytics_key": "G-ABC1"})

    def test_scripts_come_from_the_clinics_own_server(self):
        self.website.write({"cdn_activated": True, "cdn_url": EVIL})
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("website.plausible_script", f"{EVIL}/x.js")
        path = "/web/assets/1/web.assets_frontend.min.js"
        self.assertEqual(self.website.get_cdn_url(path), path)
        self.assertNotIn(EVIL, self.website._get_plausible_script_url())
        with with_stored_code():
            self.assertIn(EVIL, self.website.get_cdn_url(path))

    def test_code_in_the_head_that_was_stored_earlier_is_not_shown(self):
        with with_stored_code():
            self.website.custom_code_head = SCRIPT
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertIn("<script", self.website.custom_code_head)
        self.env.invalidate_all()
        self.assertNotIn("<script", self.website.custom_code_head or "")

    def test_pages_of_the_builder_are_saved(self):
        page = self.env["website"].with_user(self.system).new_page("A page")
        view = self.env["ir.ui.view"].browse(page["view_id"]).with_user(self.system)
        arch = etree.fromstring(view.arch)
        [wrap] = arch.xpath("//*[@id='wrap']")
        wrap.append(etree.XML("<section class='s_text'><p>Text</p></section>"))
        view.arch = etree.tostring(arch, encoding="unicode")
        self.assertIn("<p>Text</p>", view.get_combined_arch())
        self.assertRefusedView(view)

    def assertRefusedView(self, view):
        with mute_logger("odoo.addons.clinic_base.tools.stored_code.gate"):
            with self.assertRaises(UserError):
                view.arch = view.arch.replace("<p>", f"<p>{SCRIPT}", 1)
