import tempfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.walls.test_upload_doors import DoorCase

HEADER = "ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE\n"


@tagged("-at_install", "post_install")
class TestIcd10(DoorCase):
    def load(self, text, encoding="utf-8"):
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            Path(file.name).write_bytes(text.encode(encoding))
            return self.env["clinic.icd10"]._import_csv(file.name)

    def test_a_file_that_is_too_large_is_refused_before_it_is_read(self):
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            file.truncate(250_000_000)
            with self.assert_refused("one endless line"):
                self.env["clinic.icd10"]._import_csv(file.name)
        row = '{0};{0};"Q{0}";"Имя";;;1;\n'.format
        with self.assert_refused("too many codes"):
            self.load(HEADER + "".join(map(row, range(100_001))))

    def find(self, text):
        codes = self.env["clinic.icd10"].with_context(lang="ru_RU")
        return codes.search([("display_name", "ilike", text)])

    def test_an_edition_is_loaded_with_its_tree_and_marks(self):
        count = self.load(
            HEADER
            + '1;01;"QX90";"Тестовый класс";;;1;\n'
            + '2;0101;"QX90.X";"Болезнь; с точкой с запятой";1;2;0;\n'
        )
        self.assertEqual(count, 2)
        child = (
            self.env["clinic.icd10"]
            .with_context(active_test=False)
            .search([("code", "=", "QX90.X")])
        )
        self.assertEqual(child.parent_id.code, "QX90")
        self.assertEqual((child.mark, child.active), ("asterisk", False))

    def test_loading_again_renames_and_doubles_nothing(self):
        self.load(HEADER + '1;01;"QX91";"Старое имя";;;1;\n')
        self.load(HEADER + '1;01;"QX91";"Новое имя";;;1;\n')
        code = self.env["clinic.icd10"].search([("code", "=", "QX91")])
        self.assertEqual(len(code), 1)
        self.assertEqual(code.with_context(lang="ru_RU").name, "Новое имя")

    def test_a_code_is_found_by_its_beginning_or_by_words_in_any_order(self):
        self.load(HEADER + '1;01;"QX92.5";"Редкая болезнь левого уха";;;1;\n')
        for text in ("qx92", "QX92.5", "уха редкая", "РЕДКАЯ болезнь"):
            with self.subTest(text=text):
                self.assertIn("QX92.5", self.find(text).mapped("code"))
        self.assertNotIn("QX92.5", self.find("правого уха").mapped("code"))

    def test_a_wrong_file_is_named_by_line_and_changes_nothing(self):
        for text, message in (
            ("a;b;c\n1;2;3\n", "line 1"),
            (HEADER + '1;01;"QX93";"Имя";;;1;\nx;01;"QX94";"Имя";;;1;\n', "line 3"),
            (HEADER + '1;01;"";"Имя";;;1;\n', "line 2"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(UserError, message):
                self.load(text)
        with self.assertRaisesRegex(UserError, "UTF-8"):
            self.load(HEADER + '1;01;"QX93";"Имя";;;1;\n', "cp1251")
        self.assertFalse(self.env["clinic.icd10"].search([("code", "=", "QX93")]))

    def test_the_english_list_is_there_without_a_file_and_keeps_its_names(self):
        codes = self.env["clinic.icd10"].with_context(lang="en_US")
        self.assertGreater(codes.search_count([]), 12000)
        self.load(HEADER + '1;01;"G43.1";"Мигрень с аурой";;;1;\n')
        code = codes.search([("code", "=", "G43.1")])
        self.assertIn("with aura", code.name)
        self.assertEqual(code.with_context(lang="ru_RU").name, "Мигрень с аурой")
        self.assertEqual(code.parent_id.code, "G43")
        self.assertIn(code, codes.search([("display_name", "ilike", "aura migraine")]))

    def test_codes_are_archived_and_never_deleted(self):
        with self.assertRaises(UserError):
            self.env["clinic.icd10"].search([], limit=1).sudo().unlink()
