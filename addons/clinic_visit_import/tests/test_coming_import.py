"""Coming visits from a sheet or a calendar: every row is booked, or says why not."""

import base64
import io
from datetime import timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_base.tests.imports.test_list_import import ListCase
from odoo.addons.clinic_base.tests.walls.test_upload_doors import SHEETS, DoorCase
from odoo.addons.clinic_base.tests.walls.test_uploads import BUSY_RULES, EVENT
from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon

from ..tools.calendar_rows import read_ics
from ..tools.coming_rows import COLUMNS

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
SUMMARY:C-1
LOCATION:North
CATEGORIES:Consultation
ORGANIZER;CN=Anna Orlova:mailto:anna@example.com
DTSTART:20260302T060000Z
DTEND:20260302T063000Z
RRULE:FREQ=WEEKLY;COUNT=3
END:VEVENT
END:VCALENDAR
"""


@tagged("post_install", "-at_install")
class TestComingImport(ListCase, DoorCase, ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.card_number = "C-1"
        cls.other_patient.card_number = "C-2"
        for week in range(3):
            cls.create_shift(day=MONDAY + timedelta(weeks=week))
        cls.chief = new_test_user(
            cls.env, "chief_i", groups="clinic_base.group_registrar_chief"
        )

    def create_import(self, name, content, user=None):
        return (
            self.env["clinic.coming.import"]
            .with_user(user or self.chief)
            .create({"filename": name, "file": base64.b64encode(content)})
        )

    def create_sheet(self, *rows):
        book = openpyxl.Workbook()
        book.active.append(COLUMNS)
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return self.create_import("visits.xlsx", stream.getvalue())

    def prepare_row(self, card="C-1", start="2026-03-02 09:00", **more):
        specialist = more.get("specialist", "Anna Orlova")
        return [
            card,
            specialist,
            "Consultation",
            "North",
            start,
            None,
            *more.get("n", ()),
        ]

    def test_checking_books_nothing_and_reports_every_clash(self):
        run = self.create_sheet(
            self.prepare_row(),
            self.prepare_row("C-2"),
            self.prepare_row("C-9", "2026-03-02 10:00"),
            self.prepare_row("C-2", "02.03.2026 11:00"),
            self.prepare_row("C-2", "soon"),
        )
        run.action_check()
        found = {line.number: line.state for line in run.line_ids}
        self.assertEqual(
            found, {2: "ready", 3: "clash", 4: "asked", 5: "ready", 6: "clash"}
        )
        self.assertFalse(self.visits.search([("patient_id", "=", self.patient.id)]))

    def test_importing_books_what_fits_and_tells_the_rest(self):
        run = self.create_sheet(self.prepare_row(), self.prepare_row("C-2"))
        run.action_import()
        self.assertEqual(
            [(line.number, line.state) for line in run.line_ids.sorted("number")],
            [(2, "booked"), (3, "clash")],
        )
        self.assertIn("taken", run.line_ids.sorted("number")[1].message)
        visit = self.visits.search([("patient_id", "=", self.patient.id)])
        self.assertEqual(visit.start, self.at(MONDAY, "09:00"))

    def test_a_row_with_weeks_is_a_standing_visit(self):
        self.create_sheet(self.prepare_row(n=[1, "2026-03-16"])).action_import()
        series = self.env["clinic.appointment.series"].search([])
        self.assertEqual(len(series.appointment_ids), 3)

    def test_a_standing_visit_names_the_dates_that_clash(self):
        run = self.create_sheet(self.prepare_row(n=[1, "2026-03-30"]))
        run.action_check()
        self.assertIn("2026-03-23, 2026-03-30", run.line_ids.message)

    def test_a_calendar_is_read_too(self):
        self.create_import("visits.ics", CALENDAR.encode()).action_import()
        series = self.env["clinic.appointment.series"].search([])
        self.assertEqual(len(series.appointment_ids), 3)
        self.assertEqual(series.minute_of_day, 9 * 60)

    def test_another_file_is_refused_in_words(self):
        for name in ("visits.pdf", "visits.xlsx"):
            with self.assertRaises(UserError):
                self.create_import(name, b"no sheet").action_check()

    def test_bombs_are_refused_before_they_are_read(self):
        bombs = {f"{name}.xlsx": content for name, content in SHEETS.items()}
        for number, rule in enumerate(BUSY_RULES):
            bombs[f"{number}.ics"] = EVENT.format(rule=rule).encode()
        bombs["deep.ics"] = b"BEGIN:VEVENT\n" * 50_000
        bombs["wide.csv"] = b"card_number" + b";" * 3_000_000
        for name, content in bombs.items():
            run = self.create_import(name, content)
            for action in (run.action_check, run.action_import):
                with self.assert_refused(name):
                    action()
        self.assertFalse(self.env["clinic.appointment"].search([]))

    def test_days_lengths_and_terms_as_people_write_them(self):
        run = self.create_sheet(
            self.prepare_row(
                start="02.03.2026 09:00:00", n=["каждую неделю", "16.03.2026"]
            ),
            self.prepare_row("C-2", "02.03.26 10:00", n=["нет"]),
            self.prepare_row("C-2", "02.03.2026 11:00", n=["по вторникам"]),
            self.prepare_row("C-2", "02.03.2026 11:00", n=[1, "до лета"]),
            self.prepare_row("C-2", "02.03.2026 11:00", n=[None, "16.03.2026"]),
        )
        run.action_import()
        self.assertEqual(
            [line.state for line in run.line_ids.sorted("number")],
            ["booked", "booked", "clash", "clash", "clash"],
        )
        mine = self.visits.search([("patient_id", "=", self.patient.id)])
        self.assertEqual(len(mine), 3)

    def test_russian_titles_csv_and_eaten_zeros(self):
        self.patient.card_number = "0000015"
        text = (
            "Записи на март\n"
            "№ карты;Врач;Услуга;Филиал;Дата;Время;Длительность\n"
            "15;anna\u00a0Orlova;consultation;NORTH;02.03.2026;9:00;30 мин\n"
        )
        run = self.create_import("visits.csv", text.encode("cp1251"))
        run.action_import()
        self.assertEqual(run.line_ids.state, "booked", run.line_ids.message)
        visit = self.visits.search([("patient_id", "=", self.patient.id)])
        self.assertEqual(visit.start, self.at(MONDAY, "09:00"))

    def test_what_is_not_known_is_asked_and_the_answer_books(self):
        run = self.create_sheet(self.prepare_row(), self.prepare_row("Некто Пётр"))
        run.action_import()
        asked = run.line_ids.filtered(lambda line: line.state == "asked")
        self.assertEqual((asked.number, run.asked_count), (3, 1))
        asked.patient_id = self.other_patient
        run.action_import()
        lines = run.line_ids.sorted("number")
        self.assertEqual(lines.mapped("state"), ["booked", "clash"], "9:00 is taken")
        self.assertEqual(
            len(self.visits.search([("specialist_id", "=", self.specialist.id)])),
            1,
            "what is booked is not booked again",
        )

    def test_the_patient_may_be_named(self):
        self.create_sheet(self.prepare_row("ivan  IVANOV")).action_import()
        self.assertTrue(self.visits.search([("patient_id", "=", self.patient.id)]))

    def test_a_merged_card_leads_to_the_kept_one(self):
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        merges._merge(self.other_patient, self.patient)
        self.create_sheet(self.prepare_row("C-1")).action_import()
        visit = self.visits.search([("specialist_id", "=", self.specialist.id)])
        self.assertEqual(visit.patient_id, self.other_patient)

    def test_the_sample_file_is_one_that_is_read(self):
        for lang in ("en_US", "ru_RU"):
            self.env["res.lang"]._activate_lang(lang)
            run = self.create_import("x.xlsx", b"").with_context(lang=lang)
            url = run.action_sample()["url"]
            sample = self.env["ir.attachment"].browse(
                int(url.split("/")[3].split("?")[0])
            )
            run.write({"filename": "x.xlsx", "file": base64.b64encode(sample.raw)})
            run.action_check()
            self.assertEqual(run.line_ids.mapped("number"), [2, 3])
            self.assertEqual(set(run.line_ids.mapped("state")), {"asked"})

    def read_calendar(self, text):
        return list(read_ics(text.encode(), self.now))

    def prepare_event(self, *lines, start="20260302T090000", more=""):
        return "\r\n".join(
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "X-WR-CALNAME:Anna Orlova",
                "BEGIN:VEVENT",
                "UID:1",
                "SUMMARY:C-1",
                "LOCATION:North",
                "CATEGORIES:Consultation",
                f"DTSTART;TZID=Europe/Moscow:{start}",
                "DURATION:PT30M",
                *lines,
                "END:VEVENT",
                *([more] if more else []),
                "END:VCALENDAR",
                "",
            ]
        )

    def test_what_cannot_be_booked_is_named(self):
        for lines, problem in (
            (["STATUS:CANCELLED"], "cancelled"),
            (["TRANSP:TRANSPARENT"], "free"),
            (["RRULE:FREQ=MONTHLY"], "rule"),
            (["RRULE:FREQ=DAILY"], "rule"),
            (["RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2"], "rule"),
            (["RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3"], "rule"),
            (["RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;COUNT=3"], "rules"),
        ):
            with self.subTest(lines):
                (row,) = self.read_calendar(self.prepare_event(*lines))
                self.assertEqual(row.problem, problem)
                self.assertFalse(row.singles or row.standing)
        for start in ("00010101T090000", "19000101T090000"):
            # Nobody waits while two thousand years go by.
            lines = ["RRULE:FREQ=DAILY;UNTIL=99991231T000000"]
            (row,) = self.read_calendar(self.prepare_event(*lines, start=start))
            self.assertEqual(row.problem, "rule")
        (past,) = self.read_calendar(self.prepare_event(start="20250302T090000"))
        self.assertEqual(past.problem, "past")
        text = self.prepare_event().replace("Europe/Moscow", "Nowhere/Land")
        self.assertEqual(self.read_calendar(text)[0].problem, "zone")
        text = self.prepare_event().replace(
            "DTSTART;TZID=Europe/Moscow:20260302T090000", "DTSTART;VALUE=DATE:20260302"
        )
        self.assertEqual(self.read_calendar(text)[0].problem, "all_day")

    def test_rules_exceptions_and_moved_dates_are_booked_as_meant(self):
        moved = (
            "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:C-1\r\n"
            "RECURRENCE-ID;TZID=Europe/Moscow:20260309T090000\r\n"
            "DTSTART;TZID=Europe/Moscow:20260310T150000\r\nDURATION:PT30M\r\n"
            "END:VEVENT"
        )
        for lines, more, days in (
            (["RRULE:FREQ=WEEKLY;COUNT=3"], "", ["02", "09", "16"]),
            (["RRULE:FREQ=WEEKLY;UNTIL=20260316T060000Z"], "", ["02", "09", "16"]),
            (["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2"], "", ["02", "16"]),
            (["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO,WE"], "", ["02", "04", "09", "11"]),
            (["RRULE:FREQ=DAILY;COUNT=2"], "", ["02", "03"]),
            (["RDATE;TZID=Europe/Moscow:20260305T100000"], "", ["02", "05"]),
            (
                [
                    "RRULE:FREQ=WEEKLY;COUNT=3",
                    "EXDATE;TZID=Europe/Moscow:20260309T090000",
                ],
                "",
                ["02", "16"],
            ),
            (["RRULE:FREQ=WEEKLY;COUNT=3"], moved, ["02", "10", "16"]),
            (
                ["RRULE:FREQ=WEEKLY;COUNT=3"],
                moved.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT"),
                ["02", "16"],
            ),
        ):
            with self.subTest(lines):
                (row,) = self.read_calendar(self.prepare_event(*lines, more=more))
                self.assertFalse(row.problem, row.detail)
                found = [start.date() for start, _minutes in row.singles]
                for one in row.standing:
                    day = one.first.date()
                    while day <= one.last:
                        if day not in one.skip:
                            found.append(day)
                        day += timedelta(weeks=one.weeks)
                self.assertEqual([f"{day:%d}" for day in sorted(found)], days)

    def test_rows_of_two_sheets_are_answered_and_booked_each_by_itself(self):
        first = self.prepare_row("Nobody One", "2026-03-02 09:00")
        second = self.prepare_row("Nobody Two", "2026-03-02 10:00")
        third = self.prepare_row("C-2", "2026-03-02 11:00")
        content = self.make_file([COLUMNS, first, third], [COLUMNS, second])
        run = self.create_import("visits.xlsx", content)
        run.action_check()
        lines = {(line.sheet, line.number): line for line in run.line_ids}
        self.assertEqual(
            {key: line.state for key, line in lines.items()},
            {("S0", 2): "asked", ("S0", 3): "ready", ("S1", 2): "asked"},
        )
        lines["S0", 2].patient_id = self.patient
        run.action_import()
        states = {(line.sheet, line.number): line.state for line in run.line_ids}
        self.assertEqual(states["S0", 2], "booked")
        self.assertEqual(states["S1", 2], "asked", "another row, another person")
        again = {(line.sheet, line.number): line for line in run.line_ids}
        again["S1", 2].patient_id = self.other_patient
        run.action_import()
        visits = self.visits.search([("start", "=", self.at(MONDAY, "10:00"))])
        self.assertEqual(visits.patient_id, self.other_patient)

    def test_what_one_press_has_no_time_for_is_done_by_the_next(self):
        self.patch(type(self.env["clinic.coming.import"]), "_patience", -1)
        hours = ("09:00", "10:00", "11:00")
        run = self.create_sheet(
            *(self.prepare_row(start=f"2026-03-02 {hour}") for hour in hours)
        )
        run.action_check()
        states = run.line_ids.mapped("state")
        self.assertCountEqual(states, ["ready", "left", "left"])
        self.assertIn("Not all rows", run.message)
        booked = []
        for _press in hours:
            run.action_import()
            booked.append(run.line_ids.mapped("state").count("booked"))
        self.assertEqual(booked, [1, 2, 3])
        self.assertFalse(run.message)

    def test_what_was_cancelled_since_is_not_booked_by_the_same_file_again(self):
        rows = (
            self.prepare_row(),
            self.prepare_row("C-2", "2026-03-02 11:00", n=[1, "2026-03-16"]),
        )
        self.create_sheet(*rows).action_import()
        visit = self.visits.search([("patient_id", "=", self.patient.id)])
        visit.cancel(self.reason.id)
        series = self.env["clinic.appointment.series"].search([])
        series.appointment_ids.cancel(self.reason.id)
        run = self.create_sheet(*rows)
        run.action_import()
        self.assertEqual(run.line_ids.mapped("state"), ["clash", "clash"])
        self.assertIn("earlier import", run.line_ids.sorted("number")[0].message)
        self.assertIn("already", run.line_ids.sorted("number")[1].message)
        self.assertFalse(self.visits.search([("state", "=", "booked")]))

    def test_an_answer_to_one_file_is_none_to_another(self):
        run = self.create_sheet(self.prepare_row("Nobody One"))
        run.action_check()
        run.line_ids.patient_id = self.patient
        other = self.create_sheet(self.prepare_row("Nobody Two"))
        run.file = other.file
        run.action_import()
        self.assertEqual(run.line_ids.state, "asked")
        self.assertFalse(self.visits.search([("patient_id", "=", self.patient.id)]))

    def test_a_name_that_is_not_the_cards_is_asked_about(self):
        self.patient.name = "Серова Анна Петровна"
        titles = ["Номер карты", "ФИО", "Врач", "Услуга", "Филиал", "Начало"]
        rows = [
            ["C-1", name, "Anna Orlova", "Consultation", "North", start]
            for name, start in (
                ("Ким Ольга", "2026-03-02 09:00"),
                ("Серова А. П.", "2026-03-02 10:00"),
            )
        ]
        run = self.create_import("v.xlsx", self.make_file([titles, *rows]))
        run.action_check()
        self.assertEqual(run.line_ids.mapped("state"), ["asked", "ready"])
        self.assertIn("Ким Ольга", run.line_ids[0].message)

    def test_columns_and_sheets_that_nobody_reads_are_named(self):
        titles = [*COLUMNS, "Телефон"]
        row = [*self.prepare_row(), None, None, "89123456789"]
        content = self.make_file([titles, row], [["Заметки"], ["Важно"]])
        book = openpyxl.load_workbook(io.BytesIO(content))
        book.create_sheet("Архив").sheet_state = "hidden"
        stream = io.BytesIO()
        book.save(stream)
        run = self.create_import("visits.xlsx", stream.getvalue())
        run.action_check()
        for word in ("Телефон", "S1", "Архив"):
            self.assertIn(word, run.message)

    def test_what_one_event_says_twice_or_wrongly_is_told_of_that_event(self):
        event = self.prepare_event().splitlines()
        start = next(n for n, line in enumerate(event) if line == "BEGIN:VEVENT")
        stop = event.index("END:VEVENT") + 1
        body = event[start:stop]

        def read(*events):
            lines = [line for one in events for line in one]
            text = "\r\n".join([*event[:start], *lines, *event[stop:], ""])
            return [row.problem for row in self.read_calendar(text)]

        def change(**changes):
            return [
                changes.get(line.partition(":")[0].partition(";")[0], line)
                for line in body
            ]

        later = change(SUMMARY="SUMMARY:C-2")
        self.assertEqual(read(body, later), ["", ""], "a program without numbers")
        self.assertEqual(read(body, body), ["replaced", ""])
        newer = [*later[:-1], "SEQUENCE:1", later[-1]]
        self.assertEqual(read(newer, body), ["replaced", ""])
        broken = change(DTSTART="DTSTART:2026-03-02T09:00", UID="UID:2")
        self.assertEqual(read(broken, body), ["broken", ""])
        declined = "ATTENDEE;PARTSTAT=DECLINED;CN=Anna:mailto:a@example.org"
        self.assertEqual(read([*body[:-1], declined, body[-1]]), ["declined"])
        added = "RDATE;VALUE=DATE:20260305"
        self.assertEqual(read([*body[:-1], added, body[-1]]), ["added_day"])

    def test_a_calendar_of_an_old_program_is_read_in_its_encoding(self):
        text = self.prepare_event().replace("SUMMARY:C-1", "SUMMARY:Ёлкина Анна")
        for encoding in ("utf-8", "utf-8-sig", "cp1251", "utf-16"):
            (row,) = list(read_ics(text.encode(encoding), self.env.cr.now()))
            self.assertEqual(row.card_number, "Ёлкина Анна", encoding)

    def test_a_last_day_without_an_hour_is_all_of_that_day(self):
        text = self.prepare_event("RRULE:FREQ=WEEKLY;UNTIL=20260316")
        ((standing,),) = [row.standing for row in self.read_calendar(text)]
        self.assertEqual(f"{standing.last:%d.%m}", "16.03")

    def test_one_date_that_is_free_or_somebody_elses_is_told(self):
        for line in ("TRANSP:TRANSPARENT", "ATTENDEE;CN=Other:mailto:o@example.org"):
            moved = (
                "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:C-1\r\n"
                "RECURRENCE-ID;TZID=Europe/Moscow:20260309T090000\r\n"
                "DTSTART;TZID=Europe/Moscow:20260309T090000\r\nDURATION:PT30M\r\n"
                f"{line}\r\nEND:VEVENT"
            )
            text = self.prepare_event("RRULE:FREQ=WEEKLY;COUNT=3", more=moved)
            (row,) = self.read_calendar(text)
            self.assertEqual(row.problem, "changed_date", line)

    def test_a_series_whose_hour_moves_with_other_clocks_is_refused(self):
        text = self.prepare_event("RRULE:FREQ=WEEKLY;COUNT=6")
        self.assertIn("Europe/Moscow", text)
        run = self.create_import(
            "v.ics", text.replace("Europe/Moscow", "Europe/Berlin").encode()
        )
        run.action_check()
        self.assertEqual(run.line_ids.state, "clash")
        self.assertIn("30.03.2026", run.line_ids.message)

    def test_an_event_is_booked_whole_or_not_at_all(self):
        text = self.prepare_event("RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO,WE")
        run = self.create_import("visits.ics", text.encode())
        run.action_import()
        self.assertEqual(run.line_ids.state, "clash", "nobody works on Wednesdays")
        self.assertFalse(self.visits.search([("patient_id", "=", self.patient.id)]))

    def test_a_calendar_that_says_little_is_filled_in_on_the_screen(self):
        text = "\r\n".join(
            line
            for line in self.prepare_event().splitlines()
            if not line.startswith(("LOCATION", "CATEGORIES", "X-WR"))
        )
        run = self.create_import("visits.ics", text.encode())
        run.action_import()
        self.assertEqual(run.line_ids.state, "asked")
        run.write(
            {
                "specialist_id": self.specialist.id,
                "service_id": self.service.id,
                "branch_id": self.branch.id,
            }
        )
        run.action_import()
        self.assertEqual(run.line_ids.state, "booked", run.line_ids.message)

    def test_only_a_chief_registrar_imports(self):
        registrar = new_test_user(
            self.env, "registrar_i", groups="clinic_base.group_registrar"
        )
        with self.assertRaises(AccessError):
            self.create_import("visits.xlsx", b"", user=registrar)
