"""Coming visits from a sheet or a calendar: every row is booked, or says why not."""

import base64
import io
from datetime import timedelta

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.clinic_base.tests.walls.test_upload_doors import SHEETS, DoorCase
from odoo.addons.clinic_base.tests.walls.test_uploads import BUSY_RULES, EVENT
from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon

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
class TestComingImport(DoorCase, ScheduleCommon):
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
            found, {2: "ready", 3: "clash", 4: "clash", 5: "ready", 6: "clash"}
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
        for name, content in bombs.items():
            run = self.create_import(name, content)
            for action in (run.action_check, run.action_import):
                with self.assert_refused(name):
                    action()
        self.assertFalse(self.env["clinic.appointment"].search([]))

    def test_only_a_chief_registrar_imports(self):
        registrar = new_test_user(
            self.env, "registrar_i", groups="clinic_base.group_registrar"
        )
        with self.assertRaises(AccessError):
            self.create_import("visits.xlsx", b"", user=registrar)
