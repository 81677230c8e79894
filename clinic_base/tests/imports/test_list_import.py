import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.list_rows import name_columns
from ..common import ClinicCommon


class ListCase:
    """Files of lists, as a clinic's people import them."""

    def make_file(self, *sheets):
        """A workbook with the rows of each sheet."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets):
            sheet = book.create_sheet(f"S{number}")
            for row in rows:
                sheet.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def prepare(self, kind, content, user, **vals):
        run = self.env["clinic.list.import"].with_user(user)
        return run.create({"kind": kind, "file": base64.b64encode(content), **vals})

    def load(self, kind, content, user, **vals):
        run = self.prepare(kind, content, user, **vals)
        run.action_import()
        return run

    def get_states(self, run):
        return run.line_ids.mapped("state")


@tagged("post_install", "-at_install")
class TestListImport(ListCase, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.get_user("clinic_manager")
        cls.specialty = cls.env["clinic.specialty"].create(
            {"name": "Космическая медицина", "code": "space"}
        )

    def find_service(self, name):
        return self.env["product.template"].search([("name", "=", name)])

    def test_services_come_with_lengths_and_prices(self):
        rows = [
            ["Прайс-лист клиники", None, None, None],
            ["Наименование услуги", "Код", "Длит., мин", "Цена, руб.", "Специальность"],
            ["Осмотр космонавта", "К-1", 45, 2500.5, "космическая медицина"],
            ["Осмотр собаки", "К-2", "30 мин", "1 700,00 ₽", None],
            ["Осмотр робота", None, "долго", 100, None],
            ["Осмотр кота", None, None, "1,234", None],
            ["Осмотр марсианина", None, None, 100, "Марсология"],
            ["", "К-9", None, None, None],
        ]
        content = self.make_file(rows)
        run = self.load("services", content, self.manager)
        self.assertEqual(
            self.get_states(run),
            ["made", "made", "refused", "refused", "asked", "refused"],
        )
        self.assertEqual(run.line_ids.mapped("number"), [3, 4, 5, 6, 7, 8])
        service = self.find_service("Осмотр космонавта")
        self.assertTrue(service.is_clinic_service)
        self.assertEqual(service.duration, 45)
        self.assertEqual(service.list_price, 2500.5)
        self.assertEqual(service.clinic_specialty_id, self.specialty)
        self.assertEqual(self.find_service("Осмотр собаки").list_price, 1700)
        self.assertFalse(self.find_service("Осмотр кота"))
        again = self.load("services", content, self.manager)
        self.assertEqual(self.get_states(again)[:2], ["known", "known"])
        self.assertEqual(len(self.find_service("Осмотр космонавта")), 1)

    def test_what_is_there_is_not_overwritten(self):
        rows = [["Услуга", "Цена"], ["Осмотр космонавта", 100]]
        self.load("services", self.make_file(rows), self.manager)
        rows[1][1] = 200
        run = self.load("services", self.make_file(rows), self.manager)
        self.assertEqual(self.get_states(run), ["asked"])
        self.assertEqual(self.find_service("Осмотр космонавта").list_price, 100)

    def test_a_row_that_the_database_refuses_stops_no_other(self):
        rows = [
            ["Услуга", "Минут", "Цена"],
            ["Осмотр тени", 0, 100],
            ["Осмотр космонавта", 30, 200],
        ]
        with mute_logger("odoo.sql_db"):
            run = self.load("services", self.make_file(rows), self.manager)
        self.assertEqual(self.get_states(run), ["refused", "made"])
        self.assertTrue(run.line_ids[0].message)
        self.assertTrue(self.find_service("Осмотр космонавта"))

    def test_checking_keeps_nothing(self):
        rows = [["Услуга", "Цена"], ["Осмотр космонавта", 100]]
        run = self.prepare("services", self.make_file(rows), self.manager)
        run.action_check()
        self.assertEqual(self.get_states(run), ["made"])
        self.assertFalse(self.find_service("Осмотр космонавта"))

    def test_csv_of_any_office_and_columns_that_nobody_reads(self):
        text = "Услуга;Цена;Цвет\nОсмотр космонавта;1 500,50;синий\n"
        run = self.load("services", text.encode("cp1251"), self.manager)
        self.assertEqual(self.get_states(run), ["made"])
        self.assertIn("Цвет", run.message)
        self.assertEqual(self.find_service("Осмотр космонавта").list_price, 1500.5)

    def test_a_file_that_is_no_list_is_refused_as_a_whole(self):
        for content in (
            b"PK\x03\x04 broken",
            "что-то\nиное\n".encode(),
            self.make_file([["Цвет", "Вес"], ["синий", 1]]),
        ):
            with self.assertRaises(UserError):
                self.load("services", content, self.manager)

    def test_specialists_come_with_their_services(self):
        services = [["Услуга", "Цена"], ["Осмотр космонавта", 1], ["Осмотр собаки", 2]]
        self.load("services", self.make_file(services), self.manager)
        rows = [
            ["Врач", "Специальность", "Услуги", "Первичный, мин", "Повторный, мин"],
            [
                *("Звёздный Пётр", "Космическая медицина"),
                *("Осмотр космонавта; осмотр собаки", 40, 20),
            ],
            ["Лунная Анна", None, "Осмотр рыбы", None, None],
        ]
        content = self.make_file(rows, [["Итого"], [2]])
        run = self.load("specialists", content, self.manager)
        self.assertEqual(self.get_states(run), ["made", "asked"])
        self.assertIn("S1", run.message)
        specialist = self.env["clinic.specialist"].search([("name", "=like", "Звёзд%")])
        self.assertEqual(specialist.specialty_ids, self.specialty)
        self.assertEqual(specialist.service_line_ids.mapped("duration_first"), [40, 40])
        self.assertFalse(
            self.env["clinic.specialist"].search([("name", "=like", "Лунная%")])
        )
        again = self.load("specialists", content, self.manager)
        self.assertEqual(self.get_states(again), ["known", "asked"])

    def test_each_kind_has_a_sample_that_can_be_imported(self):
        for kind in self.env["clinic.list.import"]._get_kinds():
            run = self.env["clinic.list.import"].create({"kind": kind})
            url = run.action_sample()["url"]
            attachment = self.env["ir.attachment"].browse(
                int(url.split("/")[-1].split("?")[0])
            )
            run.file = base64.b64encode(attachment.raw)
            run.action_check()
            self.assertTrue(run.line_ids, kind)
            self.assertFalse(run.message and "not read" in run.message, run.message)

    def test_russian_titles_are_read(self):
        for kind, titles in (
            ("services", "Услуга Код Минут Специальность Цена Филиал"),
            ("services", "Наименование|Артикул|Длительность|Направление|Стоимость"),
            (
                "specialists",
                "ФИО врача|Должность|Первичный приём (мин)|Повторный|Услуги",
            ),
            ("specialists", "Сотрудник|Специальность|Длительность, мин|Услуга"),
        ):
            taker = self.env[f"clinic.list.{kind}"]
            cut = titles.split("|") if "|" in titles else titles.split()
            self.assertNotIn(None, name_columns(cut, taker._rules), titles)

    def test_the_desk_imports_no_lists(self):
        for role in ("registrar_chief", "call_center", "medical"):
            with self.assertRaises(AccessError):
                self.prepare("services", b"x", self.get_user(role))
        content = self.make_file([["Услуга", "Цена"], ["Осмотр космонавта", 100]])
        run = self.load("services", content, self.get_user("accountant"))
        self.assertEqual(self.get_states(run), ["refused"])
