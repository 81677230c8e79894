from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged

I18N = Path(__file__).parents[1] / "i18n"


@tagged("post_install", "-at_install")
class TestTranslations(BaseCase):
    def test_russian_is_complete(self):
        template = {
            entry.msgid for entry in polib.pofile(str(I18N / "clinic_base.pot"))
        }
        russian = {e.msgid: e.msgstr for e in polib.pofile(str(I18N / "ru.po"))}
        self.assertFalse(template - russian.keys())
        self.assertFalse([msgid for msgid, msgstr in russian.items() if not msgstr])
