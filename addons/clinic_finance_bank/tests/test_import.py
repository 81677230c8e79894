import base64
import io
from zipfile import ZIP_DEFLATED, ZipFile

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tests.walls.test_upload_doors import SHEETS, DoorCase
from odoo.addons.clinic_base.tests.walls.test_uploads import FAR_CELL

from .common import FILES, OWN, SECOND, BankCommon


@tagged("-at_install", "post_install")
class TestImport(DoorCase, BankCommon):
    def read(self, name):
        return (FILES / name).read_bytes()

    def drop(self, user):
        """What dropping the file on the card of the bank calls, as ``user``."""
        env = self.env(user=user)
        attachment = env["ir.attachment"].create(
            {
                "name": "kl_to_1c.txt",
                "datas": base64.b64encode(self.read("kl_to_1c.txt")),
            }
        )
        journals = env["account.journal"].with_context(default_journal_id=self.bank.id)
        return lambda: journals.create_document_from_attachment(attachment.ids)

    def test_a_file_of_the_client_bank_becomes_a_statement(self):
        wizard, lines = self.load(self.read("kl_to_1c.txt"))
        statement = wizard.clinic_statement_ids
        self.assertEqual(statement.journal_id, self.bank)
        self.assertEqual(
            (statement.balance_start, statement.balance_end_real), (10000, 17149.5)
        )
        self.assertEqual(lines.mapped("amount"), [5400, -1250.5, 3000])
        self.assertEqual(
            lines.mapped("partner_name"),
            ["Петров Пётр", "ООО «Скрепка»", "АО «ПРИМЕРБАНК»"],
        )
        self.assertIn("КодНазПлатежа=1", lines[0].raw_data)
        self.assertEqual(wizard.clinic_new, 3)
        self.assertEqual(self.bank.bank_statements_source, "file_import_oca")

    def test_what_was_imported_before_is_left_out(self):
        self.load(self.read("kl_to_1c.txt"))
        with self.assertRaisesRegex(UserError, "imported before"):
            self.start(self.read("kl_to_1c.txt")).import_file_button()
        # The bank's next file tells of the same day again, and of one payment more.
        text = self.read("kl_to_1c.txt").decode("cp1251")
        more = text.replace("Номер=8", "Номер=9").replace("3000.00", "3001.00")
        for old, new in (("8400.00", "8401.00"), ("17149.50", "17150.50")):
            more = more.replace(old, new)
        wizard, lines = self.load(more.encode("cp1251"))
        self.assertEqual((wizard.clinic_new, wizard.clinic_known), (1, 2))
        self.assertEqual(lines.amount, 3001)

    def test_two_accounts_in_one_file_go_to_their_journals(self):
        second = self.create_bank("Second", SECOND)
        wizard, lines = self.load(self.read("two_accounts.txt"))
        self.assertEqual(wizard.clinic_statement_ids.journal_id, self.bank | second)
        self.assertEqual(sorted(lines.mapped("amount")), [-2000, 2000])

    def test_an_account_that_nobody_has_told_of_is_named(self):
        with self.assertRaisesRegex(UserError, SECOND):
            self.start(self.read("two_accounts.txt")).import_file_button()
        self.assertFalse(self.bank.last_statement_id)

    def test_an_error_is_told_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.accountant.lang = "ru_RU"
        data = self.read("kl_to_1c.txt").replace(b"5400.00", "много".encode("cp1251"))
        wizard = self.start(data).with_context(lang="ru_RU")
        wizard.import_file_button()
        self.assertRegex(wizard.clinic_refused, "Строка 19: .*«много»")

    def test_what_could_not_be_understood_comes_with_the_next_file(self):
        whole = self.read("kl_to_1c.txt")
        broken = whole.replace(b"5400.00", "много".encode("cp1251"))
        wizard, lines = self.load(broken)
        self.assertEqual(lines.mapped("amount"), [-1250.5, 3000])
        self.assertTrue(wizard.clinic_refused)
        wizard, lines = self.load(whole)
        self.assertEqual(lines.amount, 5400)
        self.assertEqual((wizard.clinic_known, wizard.clinic_refused), (2, False))

    def test_a_wrong_total_lets_nothing_in(self):
        data = self.read("kl_to_1c.txt").replace(b"8400.00", b"8500.00")
        with self.assertRaisesRegex(UserError, "8500.00"):
            self.start(data).import_file_button()
        self.assertFalse(self.bank.last_statement_id)

    def test_camt_is_recognised_by_itself(self):
        _wizard, lines = self.load(self.read("camt053.xml"), "camt053.xml")
        self.assertEqual(lines.amount, 5400)
        self.assertIn("INV/2026/00017", lines.payment_ref)

    def test_a_table_is_read_by_the_layout_that_comes_with_the_module(self):
        layout = self.env.ref("clinic_finance_bank.clinic_bank_sheet_mapping")
        data = self.read("table.csv")
        _wizard, lines = self.load(data, "table.csv", sheet_mapping_id=layout.id)
        self.assertEqual(lines.mapped("amount"), [5400, -1250.5])
        self.assertEqual(lines.mapped("partner_name"), ["Петров Пётр", "ООО «Скрепка»"])
        with self.assertRaisesRegex(UserError, "imported before"):
            self.load(data, "table.csv", sheet_mapping_id=layout.id)

    def test_a_file_dropped_on_the_card_of_the_bank_is_imported(self):
        action = self.drop(self.accountant)()
        self.assertEqual(action["res_model"], "account.statement.import")
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.clinic_new, 3)
        left = wizard.action_reconcile()
        self.assertEqual(self.env[left["res_model"]].search_count(left["domain"]), 3)

    def test_the_finance_manager_imports_too(self):
        manager = new_test_user(
            self.env, "money", groups="clinic_base.group_finance_manager"
        )
        self.start(self.read("kl_to_1c.txt"), user=manager).import_file_button()
        self.assertTrue(self.bank.last_statement_id)

    def test_desk_and_till_neither_import_nor_see_transactions(self):
        till = new_test_user(self.env, "till", groups="clinic_base.group_cashier")
        self.load(self.read("kl_to_1c.txt"))
        for user in (self.registrar, till):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self.start(self.read("kl_to_1c.txt"), user=user)
            dropped = self.drop(user)
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                dropped()
            menu = self.env.ref("clinic_finance_bank.clinic_bank_menu")
            self.assertNotIn(
                menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            )

    def test_an_account_is_compared_without_blanks(self):
        self.bank.bank_account_id.acc_number = f"{OWN[:5]} {OWN[5:]}"
        self.load(self.read("kl_to_1c.txt"))
        self.assertTrue(self.bank.last_statement_id)

    def test_bombs_are_refused_before_they_are_read(self):
        packed = io.BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", bytes(100_000_000))
        inner = io.BytesIO()
        with ZipFile(inner, "w") as archive:
            archive.writestr("a.xlsx", FAR_CELL)
        deep = b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>"
        bombs = {
            **SHEETS,
            "archive": packed.getvalue(),
            "sheet in an archive": inner.getvalue(),
            "deep": deep + b"<a>" * 1_000_000,
        }
        for name, content in bombs.items():
            wizard = self.start(content)
            with self.assert_refused(name):
                wizard.import_file_button()

    def test_xml_that_brings_a_document_type_is_not_read(self):
        entities = "".join(
            f'<!ENTITY e{number + 1} "{f"&e{number};" * 10}">' for number in range(9)
        )
        texts = (
            f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><x>&e9;</x>',
            '<!doctype x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        )
        packed = io.BytesIO()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
            archive.writestr("camt.xml", texts[0])
        files = [text.encode(code) for text in texts for code in ("utf-8", "utf-16")]
        for content in (*files, packed.getvalue()):
            with self.assertRaisesRegex(UserError, "cannot be read"):
                self.start(content).import_file_button()

    @mute_logger(
        "odoo.addons.account_statement_import_camt.wizard.account_statement_import"
    )
    def test_broken_xml_is_refused_in_words(self):
        space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
        bodies = ("", "<a/>", "<a/>" * 3, "<BkToCstmrStmt/>", "<a>" * 5000, "<a><b/>")
        for body in bodies:
            content = f'<Document xmlns="{space}">{body}</Document>'.encode()
            with self.subTest(body=body[:20]), self.assertRaises(UserError):
                self.start(content).import_file_button()
