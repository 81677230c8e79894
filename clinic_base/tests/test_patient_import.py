import base64
import io

from odoo.tests import BaseCase, tagged

from odoo.addons.clinic_base.tools.import_work import ImportWork
from odoo.addons.clinic_base.tools.patient_rows import (
    HeaderError,
    Layout,
    Reader,
    Reject,
)

from .common import ClinicCommon

HEADER = "ФИО;Дата рождения;Телефон;СНИЛС;Номер карты;Категория\n"
ROWS = (
    "Ёлкина Мария Петровна;07.03.1985;8 (912) 345-67-89;112-233-445 95;A-1;Пенсионер\n"
    "петров  иван;;+7 912 000-00-01;;;\n"
    "Ли Анна;1990-01-02;;;;\n"
)
# What the ORM writes at its own time, or numbers.
DIFFERENT = {"id", "partner_id", "patient_id", "commercial_partner_id", "card_number"}
# Moments, of which calendar's is when the row was written.
DIFFERENT |= {"create_date", "write_date", "calendar_last_notif_ack"}


def binary(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


@tagged("post_install", "-at_install")
class TestPatientRows(BaseCase):
    def read(self, text, encoding="utf-8"):
        handle = text if isinstance(text, io.BytesIO) else binary(text, encoding)
        return list(Reader(handle, Layout.of(handle)))

    def reasons(self, body, header="ФИО;Дата рождения;Телефон\n"):
        return [
            (item.line, item.reason if isinstance(item, Reject) else "ok")
            for item in self.read(header + body)
        ]

    def test_layouts(self):
        for encoding in ("utf-8", "utf-8-sig", "cp1251"):
            (row,) = self.read("Фамилия,Имя,Неведомое\nИванов,Пётр,x\n", encoding)
            self.assertEqual(row.name, "Иванов Пётр")

    def test_a_file_without_names_or_with_a_bad_mapping_is_refused(self):
        with self.assertRaises(HeaderError):
            Layout.of(binary("Цвет;Размер\n1;2\n"))
        with self.assertRaises(HeaderError):
            Layout.of(binary("ФИО\nx\n"), {"ФИО": "salary"})
        with self.assertRaises(HeaderError):
            Layout.of(binary(""))

    def test_bad_rows_are_named_by_line_and_stop_nothing(self):
        body = (
            "Иванов Иван;31.02.1985;\n"
            "Иванов Иван;01.01.2999;\n"
            "Иванов Иван;07.03.1985;12\n"
            ";07.03.1985;\n"
            "Иванов Иван\n"
            "\n"
            '"Иванов Иван;07.03.1985;\n'
            "Петров Пётр;07.03.1985;89123456789\n"
        )
        self.assertEqual(
            self.reasons(body),
            [
                (2, "birthdate"),
                (3, "birthdate"),
                (4, "phone"),
                (5, "name"),
                (6, "columns"),
                (8, "quotes"),
                (9, "ok"),
            ],
        )

    def test_a_value_over_several_lines(self):
        self.assertEqual(
            self.reasons('"Иванов\nИван";07.03.1985;\nПетров;;\n'),
            [(2, "ok"), (4, "ok")],
        )

    def test_broken_encoding_is_told_by_line(self):
        text = (
            "ФИО\n".encode()
            + "Иванов\n".encode() * 20_000
            + b"\xff\xfe\n"
            + "Петров\n".encode()
        )
        items = self.read(io.BytesIO(text))
        (bad,) = [item for item in items if isinstance(item, Reject)]
        self.assertEqual((bad.line, bad.reason), (20_002, "encoding"))
        self.assertEqual(len(items), 20_002)


@tagged("post_install", "-at_install")
class TestPatientImport(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.patients = cls.env["clinic.patient"]

    def run_import(self, text, rows=10_000, **options):
        file = binary(text)
        run = self.env["clinic.patient.import"]._get_run(
            "f.csv", len(text.encode()), **options
        )
        while run._import_batch(file, rows):
            pass
        return run

    def find(self, name):
        return self.patients.search([("search_name", "=", name)])

    def test_cards_are_written(self):
        run = self.run_import(HEADER + ROWS)
        self.assertEqual((run.state, run.created, run.rejected), ("done", 3, 0))
        maria = self.find("елкина мария петровна")
        self.assertEqual(maria.card_number, "A-1")
        self.assertEqual(str(maria.birthdate), "1985-03-07")
        self.assertEqual(maria.snils, "112-233-445 95")
        self.assertEqual(maria.phone_ids.number_e164, "+79123456789")
        self.assertEqual(maria.phone, "+7 912 345-67-89")
        self.assertTrue(maria.partner_id.is_clinic_patient)
        self.assertTrue(self.find("ли анна").card_number.isdecimal())
        self.assertEqual(self.patients.name_search("6789 ёлкина")[0][0], maria.id)

    def test_rows_are_those_that_the_orm_writes(self):
        """Column by column, whatever modules are installed."""
        self.run_import(HEADER + ROWS)
        imported = self.find("петров иван")
        imported.partner_id.name = "петров иван"
        made = self.patients.create(
            {"name": "петров иван", "phone": "+7 912 000-00-01"}
        )
        self.env.flush_all()
        for ours, theirs in (
            (imported.partner_id, made.partner_id),
            (imported, made),
            (imported.phone_ids, made.phone_ids),
        ):
            rows = []
            for record in (ours, theirs):
                self.env.cr.execute(
                    f'SELECT to_jsonb(t) FROM "{record._table}" t WHERE id = %s',
                    [record.id],
                )
                rows.append(
                    {
                        k: v or None
                        for k, v in self.env.cr.fetchone()[0].items()
                        if k not in DIFFERENT
                    }
                )
            self.assertEqual(*rows)

    def test_known_people_are_not_taken_twice(self):
        self.make_patient("Елкина Мария Петровна", birthdate="1985-03-07")
        run = self.run_import(
            HEADER
            + ROWS
            + "Петров Иван;;89120000001;;;\n"
            + "Ли Анна;03.01.1990;;;;\n"
            + "Ли Анна;02.01.1990;;;;\n"
        )
        self.assertEqual(
            [(r.line, r.reason) for r in run.reject_ids],
            [(2, "known"), (5, "known"), (7, "known")],
        )
        self.assertEqual(len(self.find("ли анна")), 2)

    def test_a_second_import_of_the_file_makes_no_doubles(self):
        self.run_import(HEADER + ROWS)
        count = self.patients.search_count([])
        run = self.run_import(HEADER + ROWS)
        self.assertEqual((run.created, run.rejected), (0, 3))
        self.assertEqual(self.patients.search_count([]), count)

    def test_a_killed_import_goes_on_where_it_was_committed(self):
        text = HEADER + "".join(f"Тест {i};0{i}.01.1990;;;;\n" for i in range(1, 8))
        size = len(text.encode())
        run = self.env["clinic.patient.import"]._get_run("f.csv", size)
        self.assertTrue(run._import_batch(binary(text), rows=3))
        again = self.env["clinic.patient.import"]._get_run("f.csv", size)
        self.assertEqual((again, again.line), (run, 5))
        while again._import_batch(binary(text), rows=3):
            pass
        self.assertEqual((again.created, again.rejected, again.state), (7, 0, "done"))

    def test_reading_ahead_changes_nothing_but_the_time(self):
        text = HEADER + "".join(f"Тест {i};0{i}.01.1990;;;;\n" for i in range(1, 8))
        text += "Ли;31.02.1990;;;;\n"
        run = self.env["clinic.patient.import"]._get_run("f.csv", len(text.encode()))
        lines = []
        with ImportWork() as work:
            file = binary(text)
            while run._import_batch(file, rows=3, work=work):
                lines.append(run.line)
        self.assertEqual(lines, [5, 8])
        self.assertEqual((run.created, run.rejected, run.state), (7, 1, "done"))
        self.assertEqual(run.reject_ids.line, 9)

    def test_checking_only_changes_nothing(self):
        count = self.patients.search_count([])
        run = self.run_import(HEADER + ROWS + "Ли;31.02.1990;;;;\n", dry_run=True)
        self.assertEqual((run.created, run.rejected), (3, 1))
        self.assertEqual(self.patients.search_count([]), count)

    def test_a_file_that_is_none_is_told(self):
        run = self.run_import("Цвет\nбелый\n")
        self.assertEqual(run.state, "failed")
        self.assertIn("Цвет", run.message)

    def test_through_the_screen(self):
        chief = self.get_user("registrar_chief")
        run = (
            self.env["clinic.patient.import"]
            .with_user(chief)
            .create(
                {
                    "name": "f.csv",
                    "file": base64.b64encode((HEADER + ROWS + ";;;;;\n").encode()),
                }
            )
        )
        run.action_start()
        with self.enter_registry_test_mode():
            self.env.ref(
                "clinic_base.clinic_patient_import_cron"
            ).method_direct_trigger()
        self.assertEqual((run.state, run.created, run.rejected), ("done", 3, 1))
        self.assertIn("/web/content/", run.action_get_rejects()["url"])
