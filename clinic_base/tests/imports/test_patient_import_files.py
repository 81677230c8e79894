import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ...tools.file_text import get_sheets
from ...tools.patient_rows import Layout, Reader, Row, to_utf8
from ...tools.uploads import TooLargeError
from ..common import ClinicCommon

TITLES = "Фамилия;Имя;Отчество;Дата рождения;Телефон\n"
ROWS = (
    "Ёлкина;Мария;Ильинична;07.03.1985;8 912 345-67-89\n"
    "Петров;Иван;;01.02.1990;8 495 123-45-67\n"
)


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestFiles(BaseCase):
    def read(self, content, mapping=None):
        handle = to_utf8(io.BytesIO(content), io.BytesIO())
        layout = Layout.of(handle, mapping)
        return layout, list(Reader(handle, layout))

    def test_any_encoding_of_a_russian_office(self):
        for encoding in (
            *("utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-r", "mac_cyrillic"),
            *("iso8859-5", "utf-16", "utf-16-le", "utf-16-be"),
        ):
            with self.subTest(encoding):
                _layout, rows = self.read((TITLES + ROWS).encode(encoding))
                self.assertEqual([row.last_name for row in rows], ["Ёлкина", "Петров"])

    def test_letters_that_begin_late_tell_the_encoding_too(self):
        plain = "name;phone\n" + "Smith Ann;89123456789\n" * 5000
        text = plain + "Иванова Анна;89123456780\n"
        _layout, rows = self.read(text.encode("cp1251"))
        self.assertEqual(rows[-1].name, "Иванова Анна")

    def test_titles_below_the_lines_of_a_report(self):
        text = "Список пациентов на 01.11.2026\n\n;;;;\n" + TITLES + ROWS
        layout, rows = self.read(text.encode())
        self.assertEqual(layout.line, 5)
        self.assertEqual([row.line for row in rows], [5, 6])

    def test_a_file_without_titles_is_known_by_what_stands_in_it(self):
        text = (
            "1;Ёлкина Мария Ильинична;07.03.1985;8 912 345-67-89;m@example.org\n"
            "2;Петров Иван;01.02.1990;8 495 123-45-67;\n"
        )
        layout, rows = self.read(text.encode())
        self.assertEqual(layout.columns, (None, "name", "birthdate", "phone", "email"))
        self.assertEqual(layout.unknown, ("#1",))
        self.assertEqual(rows[1].birthdate, "1990-02-01")

    def test_a_column_that_nobody_knows_is_named(self):
        text = "ФИО;Диагноз;Контакт;Дата\nЛи Анна;x;89123456789;01.02.2020\n"
        layout, rows = self.read(text.encode())
        self.assertEqual(layout.unknown, ("Диагноз", "Дата"))
        self.assertEqual(rows[0].phone_e164, "+79123456789", "known by its numbers")
        self.assertIsNone(rows[0].birthdate, "another date is no birth")

    def test_two_columns_that_say_different_things(self):
        text = "ФИО;Город;City;Телефон;Моб.\nЛи Анна;Казань;Пермь;89123456789;\n"
        _layout, (row,) = self.read(text.encode())
        self.assertIsNone(row.city)
        self.assertEqual([flaw.reason for flaw in row.get_flaws()], ["twice"])
        self.assertEqual(row.get_numbers(), ["+79123456789"])

    def test_every_person_that_can_be_kept_is_kept_whatever_stands_beside(self):
        nasty = (
            "\u200b",
            "' OR 1=1",
            "=1+1",
            "\\N",
            "NULL",
            "#REF!",
            "😀",
            "a\tb",
            "1e400",
        )
        for value in nasty:
            text = (
                f"ФИО;Дата рождения;Телефон;Пол;СНИЛС;Email\nЛи Анна{f';{value}' * 5}\n"
            )
            with self.subTest(value):
                _layout, (row,) = self.read(text.encode())
                self.assertIsInstance(row, Row)

    def test_a_family_name_and_the_rest_in_two_columns_are_one_name(self):
        for titles, cells in (
            ("Фамилия;Имя Отчество", "Серова;Анна Петровна"),
            ("Фамилия;ФИО", "Серова;Серова Анна Петровна"),
            ("Фамилия;Имя;ФИО", "Серова;Анна;Анна Петровна Серова"),
            ("Имя;ФИО", "Анна;Серова Анна Петровна"),
            ("Клиент;Имя;Отчество", "Серова;Анна;Петровна"),
        ):
            text = f"{titles};Телефон\n{cells};89123456789\n"
            with self.subTest(titles):
                _layout, (row,) = self.read(text.encode())
                names = (row.last_name, row.first_name, row.middle_name)
                self.assertEqual(names, ("Серова", "Анна", "Петровна"))
                self.assertEqual(row.get_flaws(), [])
        text = "Фамилия;Имя;ФИО;Телефон\nСерова;Анна;Ким Ольга;89123456789\n"
        _layout, (row,) = self.read(text.encode())
        self.assertEqual(row.name, "Серова Анна")
        self.assertEqual([flaw.reason for flaw in row.get_flaws()], ["twice"])

    def test_numbers_of_documents_are_no_telephones(self):
        for title, value in (
            ("NPASP", "4509 123456"),
            ("NPASP", "9204 123456"),
            ("ИНН", "7701234567"),
            ("Код", "9123456789"),
        ):
            text = f"ФИО;{title}\nЛи Анна;{value}\n"
            layout, (row,) = self.read(text.encode())
            self.assertEqual(layout.unknown, (title,), value)
            self.assertFalse(row.phones, value)

    def test_lines_may_end_as_on_a_macintosh(self):
        text = (TITLES + ROWS).replace("\n", "\r")
        _layout, rows = self.read(text.encode("mac_cyrillic"))
        self.assertEqual([row.last_name for row in rows], ["Ёлкина", "Петров"])

    def test_month_and_day_between_slashes_are_told_by_the_whole_column(self):
        def get_days(*dates):
            text = "ФИО;Дата рождения\n" + "".join(f"Ли Анна;{d}\n" for d in dates)
            return [row.birthdate for row in self.read(text.encode())[1]]

        self.assertEqual(get_days("05/06/1985"), ["1985-06-05"])
        late = ["01/02/1990"] * 300
        self.assertEqual(
            get_days("05/06/1985", *late, "05/13/1985")[0::301],
            ["1985-05-06", "1985-05-13"],
        )
        self.assertEqual(
            get_days("13/05/1985", "05/13/1985", "05/06/1985", "05/05/1985"),
            ["1985-05-13", "1985-05-13", None, "1985-05-05"],
        )

    def test_what_a_spreadsheet_has_not_calculated_is_told(self):
        content = workbook(
            People=[
                ["Фамилия", "Имя", "Дата рождения", "Телефон", "Город"],
                ["Ли", "Анна", "=DATE(1985,3,7)", '="8912"&"3456789"', "=A2"],
                ["Ли", "Ольга", "#N/A", "#DIV/0!", "#Н/Д"],
            ]
        )
        ((_name, text),) = get_sheets(content, 100)
        _layout, rows = self.read(text.encode())
        for row in rows:
            self.assertFalse(row.phones or row.birthdate or row.city, row.text)
            self.assertEqual(len(row.get_flaws()), 3)

    def test_a_number_kept_as_text_by_a_formula_is_a_number(self):
        text = 'ФИО;Номер карты;Телефон\nЛи Анна;="000123";="89123456789"\n'
        _layout, (row,) = self.read(text.encode())
        self.assertEqual(row.card_number, "000123")
        self.assertEqual(row.get_numbers(), ["+79123456789"])

    def test_a_sheet_may_have_a_hundred_columns_and_not_a_thousand(self):
        more = [f"Поле {n}" for n in range(100)]
        titles = ["ФИО", "Дата рождения", *more, "Моб. телефон"]
        row = ["Ли Анна", "07.03.1985", *["да"] * 100, "89123456789"]
        ((_name, text),) = get_sheets(workbook(One=[titles, row]), 10)
        _layout, (read,) = self.read(text.encode())
        self.assertEqual(read.get_numbers(), ["+79123456789"])
        with self.assertRaises(TooLargeError) as caught:
            list(get_sheets(workbook(One=[[*titles, *["да"] * 900]]), 10))
        self.assertEqual(caught.exception.what, "columns")

    def test_a_name_that_was_spoiled_is_told_and_not_stored(self):
        for name in ("РРІР°РЅРѕРІ РРІР°РЅ", "Иван\ufffdв Иван", "?????? ????"):
            _layout, (row,) = self.read(f"ФИО;Город\n{name};Пермь\n".encode())
            self.assertNotIsInstance(row, Row, name)


@tagged("post_install", "-at_install")
class TestImportOfFiles(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.patients = cls.env["clinic.patient"]
        cls.chief = cls.get_user("registrar_chief")

    def start(self, text, name="f.csv", **vals):
        content = text if isinstance(text, bytes) else text.encode()
        return (
            self.env["clinic.patient.import"]
            .with_user(self.chief)
            .create({"name": name, "file": base64.b64encode(content), **vals})
        )

    def run_all(self):
        with self.enter_registry_test_mode():
            self.env.ref("clinic_base.ir_cron_import_patients").method_direct_trigger()

    def import_text(self, text):
        run = self.start(text)
        run.action_start()
        self.run_all()
        return run

    def find(self, text):
        return self.patients.search([("name", "ilike", text)])

    def test_a_person_says_what_a_column_holds_and_it_is_remembered(self):
        text = "ФИО;Столбик;Заметки\nСтолбикова Анна;Пермь;x\n"
        source = self.env["clinic.patient.import.source"].create({"name": "Old"})
        run = self.start(text, source_id=source.id)
        run.action_read()
        self.assertIn("Столбикова Анна", run.column_ids[0].sample)
        with self.assertRaises(UserError) as caught:
            run.action_check()
        self.assertIn("Столбик, Заметки", str(caught.exception))
        run.column_ids[1].field = "city"
        run.column_ids[2].field = "skip"
        run.action_check()
        self.run_all()
        self.assertEqual((run.state, run.created), ("done", 1))
        self.assertFalse(self.find("Столбикова"), "only checked")
        run.action_import()
        self.run_all()
        self.assertEqual(self.find("Столбикова").city, "Пермь")
        again = self.start(text, source_id=source.id)
        again.action_check()
        self.run_all()
        self.assertEqual((again.created, again.known), (0, 1))

    def test_every_sheet_of_a_workbook(self):
        content = workbook(
            Первый=[["ФИО", "Телефон"], ["Листова Анна", 89123450001]],
            Второй=[["Фамилия", "Имя"], ["Листова", "Инна"]],
            Пустой=[],
        )
        run = self.start(content, "b.xlsx")
        run.action_read()
        runs = self.env["clinic.patient.import"].search(
            [("file", "!=", False)], limit=2
        )
        self.assertEqual(set(runs.mapped("sheet")), {"Первый", "Второй"})
        runs.action_import()
        self.run_all()
        self.assertEqual(len(self.find("Листова")), 2)
        self.assertEqual(
            self.find("Листова Анна").phone_ids.number_e164, "+79123450001"
        )

    def test_numbers_that_a_spreadsheet_has_rounded_are_told(self):
        content = workbook(
            A=[["ФИО", "Полис ОМС"], ["Округлова Анна", 7700000000000008]]
        )
        run = self.start(content, "b.xlsx")
        run.action_start()
        self.run_all()
        self.assertFalse(self.find("Округлова").oms_policy)
        self.assertEqual(run.reject_ids.reason, "spoiled")

    def test_known_changed_doubtful_new(self):
        self.make_patient("Счётова Анна", birthdate="1990-01-02", phone="89123450010")
        text = (
            "ФИО;Дата рождения;Телефон;Город\n"
            "Счетова Анна;02.01.1990;89123450010;Пермь\n"
            "Счётова Анна;02.01.1990;89123450011;Пермь\n"
            "Счётова Анна Ильинична;02.01.1990;;Пермь\n"
            "Счётова Инна;02.01.1990;89123450010;Пермь\n"
        )
        run = self.import_text(text)
        told = {reject.line: reject.reason for reject in run.reject_ids}
        self.assertEqual(told, {2: "known", 3: "changed", 4: "doubtful"})
        self.assertEqual(
            (run.created, run.known, run.changed, run.doubtful, run.rejected),
            (2, 1, 1, 1, 2),
        )
        pair = self.env["clinic.patient.duplicate"].search([("reason", "=", "doubt")])
        self.assertEqual(pair[:1].other_id.name, "Счётова Анна Ильинична")

    def test_a_second_run_changes_nothing_whatever_the_rows_are_like(self):
        text = (
            "ФИО;Дата рождения;Телефон;СНИЛС\n"
            "Дважды Анна;;;\n"
            "Дважды Анна;02.01.1990;;\n"
            "Дважды;22.11.2025;89123450020;\n"
            "Дважды Инна;99.99.9999;нет;1\n"
            "Дважды Петр;;89123450021, 89123450022;112-233-445 95\n"
            "Дважды Петр;;89123450023;087-654-303 00\n"
        )
        self.import_text(text)
        cards = self.find("Дважды")
        run = self.import_text(text)
        self.assertEqual((run.created, run.rejected), (0, 6))
        self.assertEqual(self.find("Дважды"), cards)

    def test_somebody_else_has_the_number_of_the_card(self):
        self.make_patient("Номерная Анна", card_number="A-77")
        run = self.import_text(
            "ФИО;Номер карты\nДругой Пётр;A-77\nНомерная Анна;A-77\n"
        )
        self.assertEqual(
            [(r.line, r.reason) for r in run.reject_ids],
            [(2, "card_taken"), (3, "known")],
        )

    def test_a_row_without_a_number_takes_none_of_a_later_row(self):
        self.env.flush_all()
        number = int(self.patients._next_card_number()) + 1
        run = self.import_text(
            "ФИО;Дата рождения;Номер карты\nРанняя Анна;01.02.1990;\n"
            f"Поздняя Анна;01.02.1991;{number:07}\n"
        )
        self.assertEqual((run.created, run.rejected), (2, 0))
        self.assertEqual(self.find("Поздняя").card_number, f"{number:07}")
        made = self.make_patient("Новый Иван")
        self.assertGreater(int(made.card_number), number)

    def test_missing_categories_are_asked_about(self):
        run = self.start("ФИО;Категория\nЛьготная Анна;Ветеран труда\n")
        run.action_check()
        self.run_all()
        self.assertEqual(run.reject_ids.reason, "category")
        self.assertIn("ветеран труда", run.message)
        with self.assertRaises(AccessError):
            run.action_add_categories()  # a registrar does not make categories
        run.with_user(self.get_user("clinic_admin")).action_add_categories()
        run.action_import()
        self.run_all()
        self.assertEqual(self.find("Льготная").category_id.name, "Ветеран труда")

    def test_what_is_told_is_in_the_language_of_whoever_imports(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.chief.lang = "ru_RU"
        imports = type(self.env["clinic.patient.import"])
        self.patch(imports, "_get_missing_message", lambda run: run.env.lang)
        run = self.import_text("ФИО\nЯзыкова Анна\n")
        self.assertEqual(run.message, "ru_RU")

    def test_cards_that_were_made_without_a_category_get_it_afterwards(self):
        run = self.import_text("ФИО;Категория\nПоздняя Анна;Донор\nРанняя Анна;\n")
        self.assertEqual(run.missing_categories, 1)
        run.with_user(self.get_user("clinic_admin")).action_add_categories()
        self.assertEqual(self.find("Поздняя").category_id.name, "Донор")
        self.assertFalse(self.find("Ранняя").category_id)
        self.assertFalse(run.missing_categories)

    def test_after_a_merge_the_old_file_is_known_as_the_kept_card(self):
        text = (
            "ФИО;Дата рождения;Телефон;Email;Номер карты\n"
            "Прежнева Анна;07.03.1985;89123450021;a@b.ru;П-1\n"
            "Новикова Анна;07.03.1985;89123450022;;П-2\n"
        )
        self.import_text(text)
        old, kept = self.find("Прежнева"), self.find("Новикова")
        self.env["clinic.patient.merge"].with_user(self.chief)._merge(kept, old)
        run = self.import_text(text)
        self.assertEqual((run.created, run.known, run.changed), (0, 2, 0))
        self.assertEqual(run.reject_ids.patient_id, kept)
        run = self.import_text(text.replace("89123450021", "89123450023"))
        changed = run.reject_ids.filtered(lambda reject: reject.reason == "changed")
        changed.with_user(self.chief).action_take_over()
        self.assertIn("+79123450023", kept.phone_ids.mapped("number_e164"))

    def test_what_a_row_says_otherwise_is_taken_over_on_the_screen(self):
        text = "ФИО;Дата рождения;Телефон;Email;Город\n"
        self.import_text(text + "Сменова Анна;07.03.1985;89123450011;a@b.ru;\n")
        card = self.find("Сменова")
        run = self.import_text(
            text + 'Сменова Анна;07.03.1985;"89123450011, 8 912 345-00-12 (мама)";'
            "c@d.ru;Пермь\n"
        )
        reject = run.reject_ids
        self.assertEqual((reject.reason, reject.patient_id), ("changed", card))
        with self.assertRaises(AccessError):
            reject.with_user(self.get_user("cashier")).action_take_over()
        reject.with_user(self.chief).action_take_over()
        self.assertEqual(card.email, "c@d.ru")
        self.assertEqual(
            {phone.number_e164: phone.note for phone in card.phone_ids},
            {"+79123450011": False, "+79123450012": "мама"},
        )
        self.assertEqual((run.changed, run.known), (0, 1))
        self.assertEqual(reject.action_open_card()["res_id"], card.id)
        with self.assertRaises(UserError):
            reject.with_user(self.chief).action_take_over()
        again = self.import_text(text + "Сменова Анна;07.03.1985;89123450012;c@d.ru;\n")
        self.assertEqual((again.changed, again.known), (0, 1))

    def test_values_that_were_left_out_lead_to_the_card_that_was_made(self):
        text = "ФИО;СНИЛС\nОстаткова Анна;112-233-445 96\n"
        run = self.start(text)
        run.action_check()
        self.run_all()
        self.assertFalse(run.reject_ids.patient_id, "only checked")
        run.action_import()
        self.run_all()
        self.assertEqual(run.reject_ids.patient_id, self.find("Остаткова"))

    def test_the_file_of_rejects_can_be_mended_and_imported(self):
        run = self.import_text(
            "ФИО;Дата рождения\n;01.02.1990\nЦелая Анна;01.02.1990\n"
        )
        lines = run._get_rejects().splitlines()
        mended = "\n".join(
            [lines[0], lines[1].replace(";01.02", "Починенная Анна;01.02", 1)]
        )
        again = self.import_text(mended)
        self.assertEqual((again.created, again.rejected), (1, 0))
        self.assertTrue(self.find("Починенная"))

    def test_cards_are_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env.company.partner_id.lang = "ru_RU"
        self.import_text("ФИО\nЯзыкова Анна\n")
        self.assertEqual(self.find("Языкова").lang, "ru_RU")
        made = self.patients.with_user(self.chief).create({"name": "Языкова Инна"})
        self.assertEqual(made.lang, "ru_RU")
        told = self.patients.create({"name": "Smith Ann", "lang": "en_US"})
        self.assertEqual(told.lang, "en_US")
