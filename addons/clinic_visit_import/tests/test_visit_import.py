"""Past visits of an earlier system, from a file."""

import base64
import csv
import tempfile
from datetime import datetime, time
from pathlib import Path

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_schedule.tests.common import ScheduleCommon

HEADER = "key;card_number;specialist;service;branch;start;minutes;state"


@tagged("post_install", "-at_install")
class TestVisitImport(ScheduleCommon):
    def setUp(self):
        super().setUp()
        self.patient.card_number = "C-1"
        # The file is read to its end in the test's own transaction.
        self.patch(self.env.cr, "commit", lambda: None)

    def load(self, *lines, header=HEADER):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "visits.csv")
        self.path.write_text("\n".join([header, *lines]), encoding="utf-8")
        run = self.env["clinic.visit.import"]._import_csv(self.path)
        return run.created, run.rejected

    def get_rejects(self):
        """[(line, code of the reason)] of the file of rejects, as people open it."""
        words = self.env["clinic.visit.import"]._get_reject_reasons()
        codes = {reason: code for code, reason in words.items()}
        path = self.path.with_name(f"{self.path.name}.rejected.csv")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))
        return [(row[-2], codes[row[-1]]) for row in rows if row[-1] != "Reason"]

    def prepare_line(self, key="1", card="C-1", specialist="anna orlova", **more):
        service = more.get("service", "Consultation")
        start = more.get("start", "2025-07-01 10:00")
        state = more.get("state", "done")
        return f"{key};{card};{specialist};{service};North;{start};45;{state}"

    def test_history_is_written_in_branch_time_and_takes_nobodys_time(self):
        said = self.load(self.prepare_line(), self.prepare_line("2", state="cancelled"))
        self.assertEqual(said, (2, 0))
        visit = self.visits.search([("import_key", "=", "1")])
        self.assertEqual(visit.start, datetime(2025, 7, 1, 7))
        self.assertEqual(visit.stop, datetime(2025, 7, 1, 7, 45))
        self.assertEqual((visit.state, visit.patient_id), ("done", self.patient))
        rows = self.env["clinic.occupancy"].search_count(
            [("appointment_id", "=", visit.id)]
        )
        self.assertFalse(rows)

    def test_a_known_patient_is_a_repeat_patient(self):
        self.specialist.service_line_ids.write(
            {"duration_first": 60, "duration_repeat": 30}
        )
        self.load(self.prepare_line())
        self.create_shift(hours="09:00-09:30")
        self.assertEqual(self.find(patient_id=self.patient.id), ["09:00"])

    def test_rows_that_cannot_be_taken_are_told_with_the_reason(self):
        said = self.load(
            self.prepare_line("1", card="C-9"),
            self.prepare_line("2", specialist="Nobody"),
            self.prepare_line("3", service="Nothing"),
            self.prepare_line("4", start="yesterday"),
            self.prepare_line("5", start="2027-01-01 10:00"),
            self.prepare_line("6", state="booked"),
            "7;too;few",
            self.prepare_line("8"),
            self.prepare_line("8"),
        )
        self.assertEqual(said, (1, 8))
        self.assertEqual(
            self.get_rejects(),
            [
                ("2", "patient"),
                ("3", "specialist"),
                ("4", "service"),
                ("5", "start"),
                ("6", "future"),
                ("7", "state"),
                ("8", "columns"),
                ("10", "known"),
            ],
        )

    def test_a_file_as_a_russian_office_writes_it(self):
        self.patient.card_number = "0000015"
        self.load()
        text = (
            "Номер визита;Карта;Врач;Услуга;Филиал;Начало;Длительность;Статус\n"
            "1;15;Anna\u00a0Orlova;CONSULTATION;north;03.03.2025 12:00:00;45 мин;"
            "Отменён\n"
            "2;0000015;Аnna Orlova;Consultation;North;2025-03-04 10:00;;Неявка\n"
        )
        for encoding, keys in (("cp1251", 2), ("utf-16", 0)):
            self.path.write_bytes(text.encode(encoding))
            run = self.env["clinic.visit.import"]._import_csv(self.path)
            self.assertEqual(run.created, keys, self.get_rejects())
        states = self.visits.search([("import_key", "in", ["1", "2"])])
        self.assertEqual(set(states.mapped("state")), {"cancelled", "no_show"})

    def test_visits_of_a_merged_card_are_the_kept_ones(self):
        chief = new_test_user(
            self.env, "chief_v", groups="clinic_base.group_registrar_chief"
        )
        merges = self.env["clinic.patient.merge"].with_user(chief)
        merges._merge(self.other_patient, self.patient)
        self.load(self.prepare_line())
        visit = self.visits.search([("import_key", "=", "1")])
        self.assertEqual(visit.patient_id, self.other_patient)

    def test_importing_again_makes_no_doubles(self):
        self.load(self.prepare_line())
        self.assertEqual(self.load(self.prepare_line()), (0, 1))

    def test_a_killed_import_goes_on_where_it_stopped(self):
        lines = [self.prepare_line(str(number)) for number in range(5)]
        imports = self.env["clinic.visit.import"]
        batch = type(imports)._import_batch
        self.patch(
            type(imports),
            "_import_batch",
            lambda run, file, rejects: (
                batch(run, file, rejects, rows=2) and run.line < 4
            ),
        )
        self.load(*lines)
        run = imports.search([], limit=1)
        self.assertEqual(run.created, 2)
        imports._import_csv(self.path)
        self.assertEqual(run.created, 4)
        imports._import_csv(self.path)
        self.assertEqual(self.visits.search_count([("import_key", "!=", False)]), 5)

    def test_a_file_without_a_needed_column_is_refused_as_a_whole(self):
        with self.assertRaisesRegex(UserError, "branch, start"):
            self.load("1", header="key;card_number;specialist;service")

    def test_a_workbook_is_taken_sheet_by_sheet(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name, "visits.xlsx")
        book = openpyxl.Workbook()
        titles = ["Код визита", "№ карты", "Врач", "Услуга", "Филиал", "Дата", "Время"]
        who = ["C-1", "Anna Orlova", "Consultation", "North"]
        days = (datetime(2025, 7, 1), datetime(2024, 7, 1))
        for year, day in zip(("2025", "2024"), days, strict=True):
            sheet = book.create_sheet(year)
            sheet.append([*titles, "Статус"])
            sheet.append([int(year), *who, day, time(10, 30), "состоялся"])
            sheet.append([f"{year}/2", *who, f"{day:%d.%m.%Y}", "11:00", "улетел"])
        book.active.append(["Итого", 4])
        book.save(self.path)
        runs = self.env["clinic.visit.import"]._import_csv(self.path)
        self.assertEqual((sum(runs.mapped("created")), len(runs)), (2, 2))
        visits = self.visits.search([("import_key", "in", ("2025", "2024"))])
        self.assertEqual(
            set(visits.mapped("start")),
            {datetime(2025, 7, 1, 7, 30), datetime(2024, 7, 1, 7, 30)},
        )
        self.assertEqual(
            self.get_rejects(), [("3", "state"), ("3", "state"), ("0", "sheet")]
        )
        again = self.env["clinic.visit.import"]._import_csv(self.path)
        self.assertEqual(sum(again.mapped("created")), 0)
        self.assertEqual(sum(again.mapped("rejected")), 4)

    def test_a_row_whose_name_is_not_the_cards_is_nobodys_history(self):
        self.patient.name = "Серова Анна Петровна"
        header = HEADER.replace("card_number", "card_number;Пациент")
        said = {}
        for name in ("Серова А.П.", "СЕРОВА Анна", "Ким Ольга", "Серова Ольга", ""):
            line = self.prepare_line(name).replace(";C-1;", f";C-1;{name};")
            said[name] = self.load(line, header=header)[0]
        self.assertEqual(list(said.values()), [1, 1, 0, 0, 1])

    def test_nothing_is_written_for_somebody_whose_data_are_blocked(self):
        manager = new_test_user(
            self.env, "manager_v", groups="clinic_base.group_clinic_manager"
        )
        self.patient.with_user(manager)._block("request")
        self.assertEqual(self.load(self.prepare_line()), (0, 1))
        self.assertEqual(self.get_rejects(), [("2", "closed")])

    def test_columns_that_nobody_reads_are_named(self):
        self.load(self.prepare_line() + ";x", header=f"{HEADER};Диагноз")
        run = self.env["clinic.visit.import"].search([], limit=1)
        self.assertIn("Диагноз", run.message)

    def test_titles_below_a_report_and_line_breaks_in_cells(self):
        header = f"Отчёт о визитах;;;;;;;\n\n{HEADER}"
        line = self.prepare_line('"1\n(повторный)"')
        self.assertEqual(self.load(line, header=header), (1, 0))

    def test_rejects_are_mended_and_imported_as_they_are(self):
        self.load(self.prepare_line(specialist="Орлова"))
        path = self.path.with_name("visits.csv.rejected.csv")
        path.write_text(path.read_text("utf-8").replace("Орлова", "Anna Orlova"))
        run = self.env["clinic.visit.import"]._import_csv(path)
        self.assertEqual(run.created, 1)

    def test_a_file_that_was_mended_is_read_from_its_beginning(self):
        imports = self.env["clinic.visit.import"]
        batch = type(imports)._import_batch
        self.patch(
            type(imports),
            "_import_batch",
            lambda run, file, rejects: batch(run, file, rejects, rows=1) and False,
        )
        lines = [self.prepare_line(n, card="C-7") for n in "12"]
        self.load(*lines)
        self.patch(type(imports), "_import_batch", batch)
        self.path.write_text("\n".join([HEADER, *lines]).replace("C-7", "C-1"))
        self.assertEqual(imports._import_csv(self.path).created, 2)

    def test_on_the_screen_a_name_is_asked_about_once_for_all_rows(self):
        admin = new_test_user(
            self.env, "admin_v", groups="clinic_base.group_clinic_admin"
        )
        self.load()
        lines = [
            self.prepare_line("1", specialist="Орлова А."),
            self.prepare_line("2", specialist="орлова а.", state="no_show"),
            self.prepare_line("3", start="2027-01-01 10:00"),
            self.prepare_line("4", card="C-99"),
        ]
        content = "\n".join([HEADER, *lines]).encode("cp1251")
        run = (
            self.env["clinic.list.import"]
            .with_user(admin)
            .create({"kind": "visits", "file": base64.b64encode(content)})
        )
        run.action_check()
        self.assertEqual(
            run.line_ids.mapped("state"), ["asked", "asked", "refused", "asked"]
        )
        answers = {answer.text: answer for answer in run.answer_ids}
        self.assertEqual(set(answers), {"Орлова А.", "C-99"}, "no name is given")
        answers["Орлова А."].specialist_id = self.specialist
        run.action_check()
        self.assertFalse(self.visits.search([("import_key", "!=", False)]))
        run.action_import()
        self.assertEqual(
            run.line_ids.mapped("state"), ["made", "made", "refused", "asked"]
        )
        visits = self.visits.search([("import_key", "!=", False)])
        self.assertEqual(set(visits.mapped("state")), {"done", "no_show"})
        self.assertEqual(visits.specialist_id, self.specialist)
        self.assertEqual(run.answer_ids.mapped("text"), ["Орлова А.", "C-99"])
        run.action_import()
        self.assertEqual(run.line_ids.mapped("state")[:2], ["known", "known"])

    def test_an_answer_for_one_name_is_none_for_another_of_the_same_number(self):
        admin = new_test_user(
            self.env, "admin_w", groups="clinic_base.group_clinic_admin"
        )
        self.patient.name = "Серова Анна Петровна"
        header = HEADER.replace("card_number", "card_number;Пациент")
        lines = [
            self.prepare_line(str(n)).replace(";C-1;", f";C-1;{name};")
            for n, name in enumerate(("Серова Анна", "Ким Ольга", "Ким О."))
        ]
        content = "\n".join([header, *lines]).encode()
        run = (
            self.env["clinic.list.import"]
            .with_user(admin)
            .create({"kind": "visits", "file": base64.b64encode(content)})
        )
        run.action_check()
        self.assertEqual(run.line_ids.mapped("state"), ["made", "asked", "asked"])
        run.answer_ids[0].patient_id = self.other_patient
        run.action_import()
        self.assertEqual(run.line_ids.mapped("state"), ["made", "made", "asked"])
        visits = self.visits.search([("import_key", "in", ["0", "1"])], order="id")
        self.assertEqual(visits.patient_id, self.patient | self.other_patient)

    def test_an_accountant_writes_no_history(self):
        accountant = new_test_user(
            self.env, "accountant_v", groups="clinic_base.group_accountant"
        )
        content = "\n".join([HEADER, self.prepare_line()]).encode()
        run = (
            self.env["clinic.list.import"]
            .with_user(accountant)
            .create({"kind": "visits", "file": base64.b64encode(content)})
        )
        run.action_import()
        self.assertFalse(self.visits.search([("import_key", "!=", False)]))
        self.assertEqual(run.line_ids.state, "refused")

    def test_a_workbook_without_visits_is_refused_as_a_whole(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        book = openpyxl.Workbook()
        book.active.append(["Услуга", "Цена"])
        book.save(Path(folder.name, "prices.xlsx"))
        Path(folder.name, "broken.xlsx").write_bytes(b"PK\x03\x04 broken")
        for name in ("prices.xlsx", "broken.xlsx"):
            with self.assertRaises(UserError):
                self.env["clinic.visit.import"]._import_csv(Path(folder.name, name))
