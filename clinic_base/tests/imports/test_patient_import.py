import base64
import io
from threading import Event

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ...tools.import_work import (
    read_batches,
    write_side_by_side,
)
from ...tools.patient_rows import (
    HeaderError,
    Layout,
    Reader,
    Reject,
)
from ..common import ClinicCommon

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
class TestSideBySide(BaseCase):
    def test_what_is_written_comes_in_the_order_it_was_read(self):
        second = Event()

        def write(item):
            # The first is not done before the second.
            if item == 1:
                self.assertTrue(second.wait(60))
            if item == 2:
                second.set()

        self.assertEqual(list(write_side_by_side([1, 2, 3], write, 2)), [1, 2, 3])

    def test_no_more_are_begun_than_jobs(self):
        begun = []
        done = write_side_by_side(range(5), begun.append, 2)
        self.assertEqual(next(done), 0)
        self.assertLessEqual(len(begun), 2)
        self.assertEqual([*done], [1, 2, 3, 4])

    def test_what_fails_ends_it_and_leaves_the_rest_alone(self):
        written = []

        def write(item):
            if item == 2:
                raise ValueError(item)
            written.append(item)

        with self.assertRaises(ValueError):
            list(write_side_by_side(range(9), write, 1))
        self.assertEqual(written, [0, 1])


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
                (2, "ok"),
                (3, "ok"),
                (4, "ok"),
                (5, "name"),
                (6, "columns"),
                (8, "quotes"),
                (9, "ok"),
            ],
        )

    def test_what_is_wrong_with_a_value_costs_the_value_and_not_the_person(self):
        rows = self.read(
            "ФИО;Дата рождения;Телефон;Пол;СНИЛС\n"
            "Иванов Иван;31.02.1985;12;?;112-233-445 96\n"
            "Иванов Пётр;7,9E+10;#####;м;1,12E+10\n"
        )
        self.assertEqual(
            [[flaw.reason for flaw in row.get_flaws()] for row in rows],
            [
                ["phone", "birthdate", "sex", "snils"],
                ["phone", "spoiled", "spoiled"],
            ],
        )
        self.assertEqual((rows[0].birthdate, rows[0].phones), (None, None))
        self.assertEqual(rows[1].sex, "male")

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

    def test_a_file_is_started_once_and_not_exchanged_on_its_way(self):
        imports = self.env["clinic.patient.import"]
        run = imports.with_user(self.get_user("registrar_chief")).create(
            {"name": "a.csv", "file": base64.b64encode(HEADER.encode())}
        )
        run.dry_run = True
        run.action_start()
        with self.assertRaises(UserError):
            run.action_start()
        for vals in ({"file": False}, {"dry_run": False}, {"name": "b.csv"}):
            with self.assertRaises(UserError):
                run.write(vals)
        self.assertEqual(run.state, "queued")

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
            [(2, "changed"), (5, "known"), (7, "known")],
        )
        self.assertEqual(len(self.find("ли анна")), 2)

    def test_a_file_neither_opens_a_closed_card_nor_makes_another(self):
        manager = self.get_user("clinic_manager")
        self.run_import(HEADER + ROWS)
        patient = self.find("елкина мария петровна")
        for closed, close in (("blocked", "_block"), ("erased", "_erase")):
            getattr(patient.with_user(manager), close)("request")
            run = self.run_import(HEADER + ROWS)
            self.assertEqual((run.created, run.known), (0, 2))
            self.assertEqual(
                [reject.reason for reject in run.reject_ids if not reject.kept][:1],
                ["closed"],
            )
            self.assertEqual((patient.closed, patient.active), (closed, False))

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

    def test_an_import_killed_before_anything_is_counted_is_found_again(self):
        imports = self.env["clinic.patient.import"]
        run = imports._get_run("f.csv", 100)
        self.assertEqual(imports._get_run("f.csv", 100), run)
        self.assertNotEqual(imports._get_run("f.csv", 101), run)

    def read_parts(self, body, jobs, rows=3):
        handle = binary(HEADER + body)
        size = len(handle.getvalue())
        handle.readline()
        reader = Reader(handle, Layout.of(binary(HEADER)))
        return list(read_batches(reader, rows, size, jobs))

    def test_batches_cover_the_file_and_an_empty_one_has_one(self):
        text = "".join(f"Тест {i};0{i}.01.1990;;;;\n" for i in range(1, 8))
        parts = self.read_parts(text, jobs=2)
        self.assertEqual([part.line for part in parts], [5, 8, 9])
        starts = [part.start for part in parts]
        self.assertEqual(starts[1:], [part.offset for part in parts[:2]])
        self.assertEqual(parts[-1].offset, len((HEADER + text).encode()))
        self.assertEqual([part.good for part in self.read_parts("", jobs=2)], [""])

    def test_a_row_is_compared_with_the_parts_that_are_written_beside_it(self):
        again = "Ли Анна;02.01.1990;;;;\n"
        text = again + "Тест 1;01.01.1990;;;;\n" * 2 + "Ли Анна;02.01.1990;;;;\n"
        for jobs, known in ((1, [4]), (2, [4, 5])):
            parts = self.read_parts(text, jobs)
            lines = [reject.line for part in parts for reject in part.bad]
            self.assertEqual(lines, known, f"{jobs} at a time")

    def test_namesakes_with_one_telephone_differ_by_their_dates_of_birth(self):
        """A son has his father's name and phone; a missing date is no other one."""
        text = (
            "Ли Анна;02.01.1990;89120000001;;;\n"
            "Ли Анна;03.02.2015;89120000001;;;\n"
            "Ли Анна;;89120000001;;;\n"
            "Ян Олег;;89120000002;;;\n"
            "Ян Олег;03.02.2015;89120000002;;;\n"
            "Ян Олег;;;;;\n"
        )
        (part,) = self.read_parts(text, jobs=1, rows=10)
        self.assertEqual([reject.line for reject in part.bad], [4, 6])

    def test_a_part_is_written_once_however_often_it_is_tried(self):
        text = HEADER + ROWS + ";01.01.1990;;;;\n"
        run = self.env["clinic.patient.import"]._get_run("f.csv", len(text.encode()))
        file = binary(text)
        (part,) = read_batches(run._open_reader(file), 10, run.size, 2)
        templates = run._get_templates()
        count = self.patients.search_count([])
        with self.enter_registry_test_mode():
            run._write_part(part, templates)
            run._write_part(part, templates)
        self.assertEqual(self.patients.search_count([]), count + 3)
        self.assertEqual(run._find_part(part).created, 3)
        self.assertEqual(run.rejected, 1)

    def test_a_clash_of_numbers_with_the_desk_is_tried_again(self):
        text = HEADER + ROWS
        run = self.env["clinic.patient.import"]._get_run("f.csv", len(text.encode()))
        (part,) = read_batches(run._open_reader(binary(text)), 10, run.size, 2)
        take_known_rows = type(run)._take_known_rows
        tries = []

        def take_known_rows_of_before(run):
            tries.append(run)
            if len(tries) > 1:
                return take_known_rows(run)
            run.env["clinic.patient"].create({"name": "Desk", "card_number": "A-1"})
            run.env.flush_all()
            return []

        self.patch(type(run), "_take_known_rows", take_known_rows_of_before)
        with self.enter_registry_test_mode(), mute_logger("odoo.sql_db"):
            run._write_part(part, run._get_templates())
        self.assertEqual(len(tries), 2)
        self.assertEqual(run._find_part(part).created, 3)

    def test_checking_only_changes_nothing(self):
        count = self.patients.search_count([])
        run = self.run_import(HEADER + ROWS + ";01.01.1990;;;;\n", dry_run=True)
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
                    "file": base64.b64encode(
                        (HEADER + ROWS + ";01.01.1990;;;;\n").encode()
                    ),
                }
            )
        )
        run.action_start()
        with self.enter_registry_test_mode():
            self.env.ref("clinic_base.ir_cron_import_patients").method_direct_trigger()
        self.assertEqual((run.state, run.created, run.rejected), ("done", 3, 1))
        self.assertIn("/web/content/", run.action_get_rejects()["url"])
