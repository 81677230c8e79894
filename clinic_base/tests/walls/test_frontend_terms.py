"""What a page of the site draws in the browser is in the visitor's language."""

from odoo.modules.module import Manifest
from odoo.tests import HttpCase, tagged
from odoo.tools.translate import code_translations


def is_ours(addon):
    return Manifest.for_addon(addon)["author"] == "Clinic Suite contributors"


@tagged("post_install", "-at_install")
class TestFrontendTerms(HttpCase):
    def test_every_addon_with_scripts_on_the_site_brings_their_russian_terms(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        paths = self.env["ir.asset"]._get_asset_paths("web.assets_frontend", {})
        addons = {path.strip("/").split("/")[0] for path, *_others in paths}
        answer = self.url_open("/website/translations?lang=ru_RU&hash=")
        loaded = set(answer.json()["modules"])
        self.assertIn("auth_timeout", addons)
        for addon in sorted(addons - loaded):
            if is_ours(addon) or addon.startswith("auth_"):
                with self.subTest(addon=addon):
                    terms = code_translations.get_web_translations(addon, "ru_RU")
                    self.assertFalse(terms["messages"])
